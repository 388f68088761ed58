import type { ReactNode } from 'react';
import { formatCount } from '../../format/format-number.ts';
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

/** Which rows are in view of how many, and whether more are under way. */
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
          More could not be loaded: {later.error.message}{' '}
          <button type="button" onClick={() => later.fetchNextPage()}>
            Retry
          </button>
        </span>
      )}
      {isFull && (
        <span>
          The first {formatCount(readings.length)} rows are here; filter to see others, or export all.
        </span>
      )}
      <span role="status" className={styles.copied}>
        {copied}
      </span>
      {children}
    </div>
  );
}
