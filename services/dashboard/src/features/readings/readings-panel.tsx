import type { StoredReading } from '@sensor-sentinel/contracts';
import { lazy, Suspense, useEffect, useState } from 'react';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { Panel } from '../panel/panel.tsx';
import { formatUrlState } from '../url-state/query-string.ts';
import { hasFilters } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { ColumnMenu } from './column-menu.tsx';
import { ExportButton } from './export-button.tsx';
import { HeldNote } from './held-note.tsx';
import { toHeldSince } from './held-since.ts';
import styles from './readings-panel.module.css';
import { ReadingsTable, useReadingTable } from './readings-table.tsx';
import { TableFooter } from './table-footer.tsx';
import { TableMessage } from './table-message.tsx';
import { useColumnChoice } from './use-column-choice.ts';
import { useHold } from './use-hold.ts';
import { useReadingsParams } from './use-readings.ts';
import { useTableRows } from './use-table-rows.ts';

const LazyExplanationDialog = lazy(async () => ({
  default: (await import('../explanation/explanation-dialog.tsx')).ExplanationDialog,
}));

export function ReadingsPanel() {
  const { state, push } = useUrlState();
  const params = useReadingsParams();
  const [clearings, setClearings] = useState(0);
  const [copied, setCopied] = useState('');
  const hold = useHold(formatUrlState({ ...state, reading: null }));
  const isHeld = hold.isHeld || state.reading !== null;
  const rows = useTableRows(isHeld);
  const { first, readings, loadMore } = rows;
  const choice = useColumnChoice();
  const table = useReadingTable(readings, choice);
  const hasTotal = first.data !== undefined && first.data.total < first.data.total_limit;

  function clearFilters() {
    setClearings(clearings + 1);
    push((current) => ({ ...current, filters: { bounds: {} } }));
  }

  return (
    <Panel
      title="Readings"
      query={{ ...first, isHeld }}
      aside={
        <>
          {hasFilters(state.filters) && (
            <button type="button" onClick={clearFilters}>
              Clear filters
            </button>
          )}
          <ColumnMenu table={table} onReset={choice.reset} />
          <ExportButton params={{ ...params, ...first.data?.window }} requestedAt={first.data?.requestedAt} />
        </>
      }
    >
      <ScrollRegion className={styles.scroller} label="Readings table" {...hold.scrollerProps}>
        <ReadingsTable
          table={table}
          scroller={hold.scroller}
          filterKey={clearings}
          total={hasTotal ? (first.data?.total ?? null) : null}
          message={readings.length > 0 ? null : <TableMessage readings={first} />}
          onCopied={setCopied}
          onNearEnd={loadMore}
        />
      </ScrollRegion>
      <TableFooter rows={rows} view={hold.view} copied={copied}>
        {/* Placed below the rows, so that they do not move when it appears. */}
        {state.time.mode === 'live' && isHeld && first.data !== undefined && (
          <HeldNote since={toHeldSince(first.data, state)} onRelease={hold.release} />
        )}
      </TableFooter>
      {state.reading !== null && <OpenReading id={state.reading} readings={readings} />}
    </Panel>
  );
}

function OpenReading({ id, readings }: { id: string; readings: readonly StoredReading[] }) {
  const { push } = useUrlState();
  const shown = readings.find((reading) => reading.id === id);
  // A neighboring reading may not be in the table.
  const [visited, setVisited] = useState(shown);
  useEffect(() => {
    if (shown !== undefined) setVisited(shown);
  }, [shown]);
  return (
    <ErrorBoundary title="Explanation">
      <Suspense>
        <LazyExplanationDialog
          id={id}
          reading={shown ?? (visited?.id === id ? visited : undefined)}
          onVisit={(reading) => {
            setVisited(reading);
            push((current) => ({ ...current, reading: reading.id }));
          }}
          onClose={() => push((current) => ({ ...current, reading: null }))}
        />
      </Suspense>
    </ErrorBoundary>
  );
}
