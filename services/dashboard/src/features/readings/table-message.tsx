import { EmptyWindow } from '../time/empty-window.tsx';
import { hasFilters } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import styles from './readings-panel.module.css';
import type { useReadings } from './use-readings.ts';

/** Shown in place of rows: loading, an error, an empty window, or no match. */
export function TableMessage({ readings }: { readings: ReturnType<typeof useReadings> }) {
  const { filters } = useUrlState().state;
  if (readings.data === undefined && readings.error === null)
    return <p className={styles.message}>Loading readings…</p>;
  if (readings.data === undefined) {
    return (
      <div className={styles.message}>
        <strong>Readings could not be loaded.</strong> {readings.error?.message}
        <button type="button" onClick={() => readings.refetch()} disabled={readings.isFetching}>
          {readings.isFetching ? 'Retrying…' : 'Retry'}
        </button>
      </div>
    );
  }
  if (!hasFilters(filters)) return <EmptyWindow />;
  return <p className={styles.message}>No readings in this window match the filters.</p>;
}
