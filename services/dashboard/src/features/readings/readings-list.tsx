import type { ReadingsPage } from '@sensor-sentinel/contracts';
import { useEffect, useState } from 'react';
import { formatAmount, formatCount } from '../../ui/format-number.ts';
import { ScrollRegion } from '../../ui/scroll-region.tsx';
import { toFeedbackIds, useFeedback } from '../feedback/use-feedback.ts';
import { EmptyWindow } from '../time/empty-window.tsx';
import { hasFilters } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import type { ReadingTable } from './columns.tsx';
import { CardTools, cardHeight, ReadingCards } from './reading-cards.tsx';
import styles from './readings-panel.module.css';
import { headHeight, ReadingsTable, rowHeight } from './readings-table.tsx';
import { RowsContext } from './row-parts.tsx';
import { toHeldSince, useNewerReadings, type useReadings } from './use-readings.ts';
import { type ShownRows, type useHold, useRows } from './use-rows.ts';

/** More rows are loaded when this many or fewer are left below. */
const nearEndRows = 25;
const noticeMs = 6000;

interface ReadingsListProps {
  table: ReadingTable;
  query: ReturnType<typeof useReadings>;
  /** Names the list while its readings come and go; undefined while it is held. */
  followedKey: string | undefined;
  hold: ReturnType<typeof useHold>;
  isNarrow: boolean;
}

/** The readings as a table, or as cards in a narrow window, with what there is to say about them below. */
export function ReadingsList({ table, query, followedKey, hold, isNarrow }: ReadingsListProps) {
  const { state } = useUrlState();
  const [notice, notify] = useNotice();
  const size = isNarrow ? { rowHeight: cardHeight, headHeight: 0 } : { rowHeight, headHeight };
  const shown = useRows(table, { scroller: hold.scroller, ...size });
  const { rows, virtualizer, tabStop } = shown;
  const ids = rows.map(({ id }) => id);
  const feedback = useFeedback(toFeedbackIds(ids, virtualizer.range), followedKey);
  useMorePages(query, (virtualizer.range?.endIndex ?? 0) >= rows.length - nearEndRows);

  const { data } = query;
  const total = data === undefined || data.total >= data.total_limit ? -1 : data.total;
  const Rows = isNarrow ? ReadingCards : ReadingsTable;
  return (
    <RowsContext value={{ tabStop, feedback: feedback.data ?? new Map(), notify }}>
      {isNarrow && <CardTools table={table} />}
      <ScrollRegion className={styles.scroller} label="Readings table" {...hold.scrollerProps}>
        <Rows table={table} shown={shown} total={total} />
        {rows.length === 0 && <NoRows query={query} />}
      </ScrollRegion>
      <div className={styles.footer}>
        <Extent query={query} shown={shown} />
        <span role="status">{notice}</span>
        {/* Below the rows, so that they do not move when it appears. */}
        {followedKey === undefined && state.time.mode === 'live' && data !== undefined && (
          <HeldNote since={toHeldSince(data, state)} onRelease={hold.release} />
        )}
      </div>
    </RowsContext>
  );
}

/** A message that is shown for a while. */
function useNotice() {
  const [notice, setNotice] = useState('');
  useEffect(() => {
    if (notice === '') return;
    const timer = setTimeout(() => setNotice(''), noticeMs);
    return () => clearTimeout(timer);
  }, [notice]);
  return [notice, setNotice] as const;
}

function useMorePages(query: ReturnType<typeof useReadings>, isNearEnd: boolean) {
  const { hasNextPage, isFetching, isPlaceholderData, isFetchNextPageError, fetchNextPage } = query;
  const mayLoad = hasNextPage && !isFetching && !isPlaceholderData && !isFetchNextPageError;
  useEffect(() => {
    if (isNearEnd && mayLoad) void fetchNextPage();
  }, [isNearEnd, mayLoad, fetchNextPage]);
}

/** In place of rows: loading, an error, an empty window, or no match. */
function NoRows({ query: { data, error, isFetching, refetch } }: { query: ReturnType<typeof useReadings> }) {
  const { filters } = useUrlState().state;
  if (error !== null && data === undefined) {
    return (
      <div className={styles.message}>
        <strong>Readings could not be loaded.</strong> {error.message}{' '}
        <button type="button" onClick={() => refetch()} disabled={isFetching}>
          {isFetching ? 'Retrying…' : 'Retry'}
        </button>
      </div>
    );
  }
  if (data === undefined) return <p className={styles.message}>Loading readings…</p>;
  if (!hasFilters(filters)) return <EmptyWindow />;
  return <p className={styles.message}>No readings in this window match the filters.</p>;
}

/** Which rows are visible, and whether there are more. */
function Extent({ query, shown }: { query: ReturnType<typeof useReadings>; shown: ShownRows }) {
  const { data } = query;
  if (data === undefined) return null;
  const isFull = !query.hasNextPage && data.next_cursor !== null;
  return (
    <>
      <span className={styles.extent}>{describeRows(shown.inView, data)}</span>
      {query.isFetchingNextPage && <span>Loading more…</span>}
      {query.isFetchNextPageError && (
        <span className={styles.fault}>
          More rows could not be loaded: {query.error?.message}{' '}
          <button type="button" onClick={() => query.fetchNextPage()}>
            Retry
          </button>
        </span>
      )}
      {isFull && (
        <span>
          Only the first {formatCount(data.readings.length)} rows are loaded. Use a filter or the export for
          others.
        </span>
      )}
    </>
  );
}

/** Says how many readings arrived while the rows stay where they are. */
function HeldNote({ since, onRelease }: { since: string; onRelease: () => void }) {
  const { data } = useNewerReadings(since);
  return (
    <span className={styles.held}>
      Updates paused while you read
      <button type="button" onClick={onRelease}>
        {data === undefined || data.total === 0 ? 'Back to newest' : describeNewer(data)}
      </button>
    </span>
  );
}

/** The number of readings that match; the server stops counting at the limit. */
type Total = Pick<ReadingsPage, 'total' | 'total_limit'>;

function describeNewer({ total, total_limit }: Total): string {
  if (total < total_limit) return formatAmount(total, 'new reading');
  return `${formatCount(total_limit)}+ new readings`;
}

/** `1–14 of 2 340`, or `of 10 000+`. Indexes are zero-based, and `last` is inclusive. */
export function describeRows({ first, last }: ShownRows['inView'], { total, total_limit }: Total): string {
  const totalText = total < total_limit ? formatCount(total) : `${formatCount(total_limit)}+`;
  if (last < first) return `0 of ${totalText}`;
  return `${formatCount(first + 1)}–${formatCount(last + 1)} of ${totalText}`;
}
