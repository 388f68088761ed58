import { useUrlState } from '../../features/url-state/url-state-context.ts';
import styles from './header.module.css';

/** Lists invalid URL parameters until the URL changes. */
export function AddressNote() {
  const { problems, replace } = useUrlState();
  if (problems.length === 0) return null;
  return (
    <div className={styles.note} role="status" aria-label="URL parameters">
      <span>
        Invalid URL parameters were ignored: <strong>{problems.join(', ')}</strong>
      </span>
      <button type="button" onClick={() => replace((state) => state)}>
        Dismiss
      </button>
    </div>
  );
}
