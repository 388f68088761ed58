import type { ReactNode } from 'react';
import { formatCount } from '../../ui/format-number.ts';
import { describeRows, toRowsInView } from './describe-rows.ts';
import styles from './readings-panel.module.css';
import { headHeight, rowHeight } from './table-rows.tsx';
import type { useTableRows } from './use-table-rows.ts';

interface TableFooterProps {
  rows: ReturnType<typeof useTableRows>;
  view: { scrollTop: number; clientHeight: number };
  copied: string;
  children: ReactNode;
}

/** Shows the range of visible rows, and whether more are loading. */
export function TableFooter({ rows, view, copied, children }: TableFooterProps) {
  const { first, later, readings, isFull } = rows;
  if (first.data === undefined) return null;
  const { total, total_limit: totalLimit } = first.data;
  const inView = toRowsInView(view, { headHeight, rowHeight, rows: readings.length });
  return (
    <div className={styles.footer}>
      <span>{describeRows({ ...inView, total, totalLimit })}</span>
      {later.isFetching && <span>Loading more…</span>}
      {later.isError && (
        <span className={styles.fault}>
          More rows could not be loaded: {later.error.message}{' '}
          <button type="button" onClick={() => later.fetchNextPage()}>
            Retry
          </button>
        </span>
      )}
      {isFull && (
        <span>
          Only the first {formatCount(readings.length)} rows are loaded. Use a filter or the export for
          others.
        </span>
      )}
      <span role="status" className={styles.copied}>
        {copied}
      </span>
      {children}
    </div>
  );
}
