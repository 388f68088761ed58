import { useUrlState } from '../../url-state/url-state-context.ts';
import styles from './header.module.css';

/** What of the address was not understood; gone as soon as the address is written anew. */
export function AddressNote() {
  const { problems, replace } = useUrlState();
  if (problems.length === 0) return null;
  return (
    <div className={styles.note} role="status" aria-label="Address">
      <span>
        The address has parts that are not understood, and were left out:{' '}
        <strong>{problems.join(', ')}</strong>
      </span>
      <button type="button" onClick={() => replace((state) => state)}>
        Dismiss
      </button>
    </div>
  );
}
