import type { StoredReading } from '@sensor-sentinel/contracts';
import { lazy, Suspense, useRef, useState } from 'react';
import { useReadings } from '../../api/use-readings.ts';
import { ErrorBoundary } from '../../components/error-boundary.tsx';
import { Panel } from '../../components/panel.tsx';
import { formatUrlState } from '../../url-state/format-url-state.ts';
import { useUrlState } from '../../url-state/url-state-context.ts';
import { Pager } from './pager.tsx';
import styles from './readings-panel.module.css';
import { ReadingsTable } from './readings-table.tsx';
import { TableMessage } from './table-message.tsx';
import { usePaging } from './use-paging.ts';

const LazyExplanationDialog = lazy(async () => ({
  default: (await import('../explanation/explanation-dialog.tsx')).ExplanationDialog,
}));

const noReadings: StoredReading[] = [];

export function ReadingsPanel() {
  const { state, push } = useUrlState();
  const paging = usePaging(formatUrlState({ ...state, reading: null }));
  const [isScrolled, setIsScrolled] = useState(false);
  const [clearings, setClearings] = useState(0);
  const scroller = useRef<HTMLDivElement>(null);
  const opened = state.reading;
  const isReading = isScrolled || opened !== null;
  const readings = useReadings(paging.place, isReading);
  const hasRows = readings.data !== undefined && readings.data.readings.length > 0;
  const isHeld = isReading || paging.pageIndex > 0;

  function toTop() {
    scroller.current?.scrollTo({ top: 0 });
  }

  function clearFilters() {
    setClearings(clearings + 1);
    push((current) => ({ ...current, filters: {} }));
  }

  return (
    <Panel
      title="Readings"
      query={{ ...readings, isHeld }}
      aside={
        <>
          {state.time.mode === 'live' && isHeld && (
            <HeldNote
              onRelease={() => {
                paging.goFirst();
                toTop();
              }}
            />
          )}
          {Object.keys(state.filters).length > 0 && (
            <button type="button" onClick={clearFilters}>
              Clear filters
            </button>
          )}
        </>
      }
    >
      <section
        ref={scroller}
        className={styles.scroller}
        aria-label="Rows of readings"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        onScroll={({ currentTarget }) => setIsScrolled(currentTarget.scrollTop > 0)}
      >
        <ReadingsTable
          readings={readings.data?.readings ?? noReadings}
          filterKey={clearings}
          message={hasRows ? null : <TableMessage readings={readings} />}
        />
      </section>
      {readings.data !== undefined && <Pager page={readings.data} paging={paging} onTurn={toTop} />}
      {opened !== null && (
        <ErrorBoundary title="Explanation">
          <Suspense>
            <LazyExplanationDialog
              key={opened}
              id={opened}
              reading={readings.data?.readings.find(({ id }) => id === opened)}
              onClose={() => push((current) => ({ ...current, reading: null }))}
            />
          </Suspense>
        </ErrorBoundary>
      )}
    </Panel>
  );
}

function HeldNote({ onRelease }: { onRelease: () => void }) {
  return (
    <span className={styles.held}>
      Held in place while you read
      <button type="button" onClick={onRelease}>
        Back to newest
      </button>
    </span>
  );
}
