import { useId } from 'react';
import type { useReadings } from '../../api/use-readings.ts';
import { pageSizes } from '../../url-state/url-state.ts';
import { useUrlState } from '../../url-state/url-state-context.ts';
import { describePage } from './describe-page.ts';
import styles from './readings-panel.module.css';
import type { usePaging } from './use-paging.ts';

interface PagerProps {
  page: NonNullable<ReturnType<typeof useReadings>['data']>;
  paging: ReturnType<typeof usePaging>;
  onTurn: () => void;
}

export function Pager({ page, paging, onTurn }: PagerProps) {
  const { size } = useUrlState().state;
  const { next_cursor: cursor, readings, total, total_limit: totalLimit, window } = page;
  const position = { pageIndex: paging.pageIndex, pageSize: size, rows: readings.length, total, totalLimit };
  return (
    <nav className={styles.pager} aria-label="Pages of readings">
      <span>{describePage(position)}</span>
      <PageSizeSelect />
      <button
        type="button"
        disabled={paging.pageIndex === 0}
        onClick={() => {
          paging.goPrevious();
          onTurn();
        }}
      >
        Previous
      </button>
      <button
        type="button"
        disabled={cursor === null}
        onClick={() => {
          if (cursor !== null) paging.goNext({ cursor, ...window });
          onTurn();
        }}
      >
        Next
      </button>
    </nav>
  );
}

function PageSizeSelect() {
  const { state, push } = useUrlState();
  const id = useId();
  return (
    <span className={styles.pageSize}>
      <label htmlFor={id}>Rows per page</label>
      <select
        id={id}
        value={state.size}
        onChange={({ target }) => {
          const size = pageSizes.find((candidate) => candidate === Number(target.value));
          if (size !== undefined) push((current) => ({ ...current, size }));
        }}
      >
        {pageSizes.map((size) => (
          <option key={size}>{size}</option>
        ))}
      </select>
    </span>
  );
}
