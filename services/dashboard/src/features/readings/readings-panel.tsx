import type { StoredReading } from '@sensor-sentinel/contracts';
import { lazy, Suspense, useEffect, useMemo, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { ErrorBoundary } from '../../ui/error-boundary.tsx';
import { useMediaQuery } from '../../ui/use-media-query.ts';
import { Panel } from '../panel/panel.tsx';
import { hasFilters } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { ColumnMenu } from './column-menu.tsx';
import { useReadingTable } from './columns.tsx';
import { ReadingsList } from './readings-list.tsx';
import styles from './readings-panel.module.css';
import { useColumnChoice } from './use-column-choice.ts';
import { useHold } from './use-hold.ts';
import { useReadings, useReadingsKey, useReadingsParams } from './use-readings.ts';

const LazyExplanationDialog = lazy(async () => ({
  default: (await import('../explanation/explanation-dialog.tsx')).ExplanationDialog,
}));

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
  const readings = useMemo(() => query.data?.pages.flatMap((page) => page.readings) ?? [], [query.data]);
  const choice = useColumnChoice();
  const table = useReadingTable(readings, choice);
  const first = query.data?.pages[0];

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
          <ColumnMenu table={table} choice={choice} />
          {first !== undefined && (
            <a
              className={styles.export}
              download="readings.csv"
              // A live window ends at its last refresh, so that a copied link keeps returning the same readings.
              href={api.toExportUrl({ ...params, ...first.window, to: first.window.to ?? first.requestedAt })}
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
