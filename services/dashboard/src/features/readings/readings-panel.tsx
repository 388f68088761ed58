import type { StoredReading } from '@sensor-sentinel/contracts';
import { lazy, Suspense, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { PopoverButton } from '../../ui/popover-button.tsx';
import { useMediaQuery } from '../../ui/use-media-query.ts';
import { Panel } from '../panel/panel.tsx';
import { hasFilters } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { type ReadingTable, useReadingTable } from './columns.tsx';
import { ReadingsList } from './readings-list.tsx';
import styles from './readings-panel.module.css';
import { useReadings, useReadingsKey, useReadingsParams } from './use-readings.ts';
import { useHold } from './use-rows.ts';

const LazyExplanationDialog = lazy(async () => ({
  default: (await import('../explanation/explanation-dialog.tsx')).ExplanationDialog,
}));

const noReadings: StoredReading[] = [];

export function ReadingsPanel() {
  const { state, push } = useUrlState();
  const api = useApi();
  const params = useReadingsParams();
  const contentKey = JSON.stringify(useReadingsKey());
  const isNarrow = useMediaQuery('(max-width: 639px)');
  const [clearings, setClearings] = useState(0);
  const hold = useHold(contentKey);
  const isHeld = hold.isHeld || state.reading !== null;
  const query = useReadings(isHeld);
  const { data } = query;
  const readings = data?.readings ?? noReadings;
  const table = useReadingTable(readings);

  function clearFilters() {
    setClearings(clearings + 1);
    push((current) => ({ ...current, filters: { bounds: {} } }));
  }

  return (
    <Panel
      title="Readings"
      query={{ ...query, isError: query.isError && !query.isFetchNextPageError, isHeld }}
      aside={
        <>
          {hasFilters(state.filters) && (
            <button type="button" onClick={clearFilters}>
              Clear filters
            </button>
          )}
          <ColumnMenu table={table} />
          {data !== undefined && (
            <a
              className={styles.export}
              download="readings.csv"
              // A live window ends at its last refresh, so that a copied link keeps returning the same readings.
              href={api.toExportUrl({ ...params, ...data.window, to: data.window.to ?? data.requestedAt })}
            >
              Export CSV
            </a>
          )}
        </>
      }
    >
      <ReadingsList
        // Clears what is typed in the filters; cards and rows have other heights.
        key={`${clearings} ${isNarrow}`}
        table={table}
        query={query}
        followedKey={isHeld || state.time.mode !== 'live' ? undefined : contentKey}
        hold={hold}
        isNarrow={isNarrow}
      />
      {state.reading !== null && (
        <ErrorBoundary title="Explanation">
          <Suspense>
            <LazyExplanationDialog
              id={state.reading}
              known={readings.find(({ id }) => id === state.reading)}
            />
          </Suspense>
        </ErrorBoundary>
      )}
    </Panel>
  );
}

/** Selects the visible columns. */
function ColumnMenu({ table }: { table: ReadingTable }) {
  const columns = table.getAllLeafColumns().filter((column) => column.getCanHide());
  return (
    <PopoverButton label="Columns">
      {() => (
        <>
          <ul className={styles.columnChoice}>
            {columns.map((column) => (
              <li key={column.id}>
                <label>
                  <input
                    type="checkbox"
                    checked={column.getIsVisible()}
                    onChange={column.getToggleVisibilityHandler()}
                  />
                  {String(column.columnDef.header)}
                </label>
              </li>
            ))}
          </ul>
          <button type="button" onClick={() => table.toggleAllColumnsVisible(true)}>
            Show all
          </button>{' '}
          <button type="button" onClick={() => table.resetColumnVisibility()}>
            Reset
          </button>
        </>
      )}
    </PopoverButton>
  );
}
