import { formatCount } from '../../ui/format-number.ts';
import styles from './readings-panel.module.css';
import { useNewerReadings } from './use-newer-readings.ts';

/** Counts the readings that arrived while the table is held. */
export function HeldNote({ since, onRelease }: { since: string; onRelease: () => void }) {
  const newer = useNewerReadings(since);
  return (
    <span className={styles.held}>
      {newer.data !== undefined && newer.data.total > 0 && (
        <strong>
          {formatCount(newer.data.total)}
          {newer.data.total >= newer.data.totalLimit && '+'} new
        </strong>
      )}
      Updates paused while you read
      <button type="button" onClick={onRelease}>
        Back to newest
      </button>
    </span>
  );
}
