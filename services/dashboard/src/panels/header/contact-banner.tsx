import { useApiContact } from '../../api/use-api-contact.ts';
import { toClockText } from '../../time/local-time.ts';
import { useZone } from '../../url-state/url-state-context.ts';
import styles from './header.module.css';

/** Says that nobody answers, as long as nobody does. */
export function ContactBanner() {
  const { lostSince, reason } = useApiContact();
  const zone = useZone();
  if (lostSince === null) return null;
  const since = lostSince === 0 ? '' : ` since ${toClockText(new Date(lostSince), zone)}`;
  return (
    <div className={styles.banner} role="alert">
      <strong>No answer from the API{since} – trying again.</strong>
      <span>
        {lostSince > 0 && ' What is shown is old.'} {reason}
      </span>
    </div>
  );
}
