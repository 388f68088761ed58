import { useApiContact } from '../../features/alerts/use-alerts.ts';
import { toClockText } from '../../features/time/format-time.ts';
import { useZone } from '../../features/url-state/url-state-context.ts';
import styles from './header.module.css';

/** Shown while the present state is not known. */
export function ContactBanner() {
  const { lostSince, reason } = useApiContact();
  const zone = useZone();
  if (lostSince === null) return null;
  const shown =
    lostSince === 0 ? '' : ` The page shows what was known at ${toClockText(new Date(lostSince), zone)}.`;
  return (
    <div className={styles.banner} role="alert">
      <strong>{`${reason.charAt(0).toUpperCase()}${reason.slice(1)}. Retrying…`}</strong>
      <span>{shown}</span>
    </div>
  );
}
