import { useApiContact } from '../../features/alerts/use-api-contact.ts';
import { toClockText } from '../../features/time/format-time.ts';
import { useZone } from '../../features/url-state/url-state-context.ts';
import styles from './header.module.css';

/** Shown while the API is unavailable. */
export function ContactBanner() {
  const { lostSince, reason } = useApiContact();
  const zone = useZone();
  if (lostSince === null) return null;
  const since = lostSince === 0 ? '' : ` since ${toClockText(new Date(lostSince), zone)}`;
  return (
    <div className={styles.banner} role="alert">
      <strong>API unavailable{since}. Retrying…</strong>
      <span>
        {lostSince > 0 && ' The data shown may be out of date.'} {reason}
      </span>
    </div>
  );
}
