import type { ReadingEvent, ReadingsPage, StoredReading } from '@sensor-sentinel/contracts';
import {
  type InfiniteData,
  keepPreviousData,
  useInfiniteQuery,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { useEffect } from 'react';
import { useApi } from '../../api/api-context.ts';
import { toRefreshPolicy } from '../../api/refresh-policy.ts';
import { toQueryWindow } from '../url-state/time-transitions.ts';
import type { UrlState } from '../url-state/url-state.ts';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { toSoughtBounds } from './range-bounds.ts';

/** Readings per page. */
const pageRows = 100;
/** Limits memory when a user scrolls for a long time; further rows can be filtered or exported. */
const maxPages = 200;

interface LoadedPage extends ReadingsPage {
  window: { from: string; to: string | undefined };
  requestedAt: string;
}

type PageStart = Pick<LoadedPage, 'window'> & { cursor: string };

/** The query parameters of the table, without the time window. Limits of values are those of what is shown. */
export function useReadingsParams() {
  const { type, sensors, filters, sort, order } = useUrlState().state;
  const { features } = useSensorType();
  return {
    ...toSoughtBounds(filters.bounds, features),
    prediction: filters.prediction,
    type,
    sort,
    order,
    sensor_id: sensors,
  };
}

/** Identifies what the table shows. */
export function useReadingsKey() {
  const { time } = useUrlState().state;
  const params = useReadingsParams();
  return ['readings', time.mode === 'live' ? time.range : [time.from, time.to], params];
}

/** The loaded pages of the table. In live mode they are refreshed unless the table is held; a held table still loads more. */
export function useReadings(isHeld: boolean) {
  const api = useApi();
  const { time } = useUrlState().state;
  const params = useReadingsParams();
  const queryKey = useReadingsKey();
  const isLive = time.mode === 'live';
  useFirstPageOnly(queryKey, isLive && !isHeld);
  return useInfiniteQuery({
    queryKey,
    queryFn: async ({ pageParam, signal }): Promise<LoadedPage> => {
      const nowMs = api.now();
      const { window, cursor } = pageParam ?? { window: toQueryWindow(time, nowMs), cursor: undefined };
      const page = await api.getReadings({ ...params, ...window, limit: pageRows, cursor }, signal);
      return { ...page, window, requestedAt: new Date(nowMs).toISOString() };
    },
    initialPageParam: null as PageStart | null, // the type of the later ones too
    getNextPageParam: ({ next_cursor: cursor, window }, pages): PageStart | null =>
      cursor === null || pages.length >= maxPages ? null : { window, cursor },
    select: joinPages,
    placeholderData: keepPreviousData,
    ...toRefreshPolicy(isLive, {
      // The answers of this query.
      apply: (answer, { readings }) => addToFirst(answer as InfiniteData<LoadedPage>, readings, params),
    }),
    // A held table is not refreshed, not even when the stream reports new readings.
    enabled: ({ state }) => !isHeld || state.data === undefined,
  });
}

/** All loaded readings, with the window and the total of the first page. */
function joinPages({ pages }: InfiniteData<LoadedPage>): LoadedPage {
  const [first] = pages;
  if (first === undefined) throw new Error('A query with data has at least one page');
  return {
    ...first,
    readings: pages.flatMap(({ readings }) => readings),
    next_cursor: pages.at(-1)?.next_cursor ?? null,
  };
}

/** Adds what has arrived where it is on top of the table: sorted by time, without filters. Others wait for the next answer. */
function addToFirst(
  loaded: InfiniteData<LoadedPage>,
  arrived: readonly ReadingEvent[],
  { sort, order, prediction, type, sensor_id: sensors, ...bounds }: ReturnType<typeof useReadingsParams>,
): InfiniteData<LoadedPage> {
  const [first, ...later] = loaded.pages;
  const isFiltered = prediction !== undefined || Object.keys(bounds).length > 0;
  if (first === undefined || isFiltered || sort !== 'timestamp' || order !== 'desc') return loaded;
  const page = withNewReadings(
    first,
    arrived.filter(({ sensor_id }) => sensors.length === 0 || sensors.includes(sensor_id)),
  );
  return page === first ? loaded : { ...loaded, pages: [page, ...later] };
}

/** The newest page with the readings that have arrived since, the newest first; the same object if there are none. */
export function withNewReadings<Page extends Pick<ReadingsPage, 'readings' | 'total'>>(
  page: Page,
  arrived: readonly ReadingEvent[],
): Page {
  const [newest] = page.readings;
  const ids = new Set(page.readings.map(({ id }) => id));
  const isNew = ({ id, timestamp }: ReadingEvent) =>
    !ids.has(id) && (newest === undefined || timestamp >= newest.timestamp);
  const added = arrived.filter(isNew).map(({ received_at: _, ...reading }): StoredReading => reading);
  if (added.length === 0) return page;
  // Of equal times, what arrived last comes first.
  const sorted = added.toReversed().toSorted((a, b) => b.timestamp.localeCompare(a.timestamp));
  return { ...page, total: page.total + added.length, readings: [...sorted, ...page.readings] };
}

/** Forgets the later pages when a table is followed again, so that a refresh loads one page. */
function useFirstPageOnly(queryKey: readonly unknown[], isFollowed: boolean) {
  const queries = useQueryClient();
  // biome-ignore lint/correctness/useExhaustiveDependencies: other content has one page anyway
  useEffect(() => {
    if (!isFollowed) return;
    queries.setQueryData<InfiniteData<LoadedPage>>(
      queryKey,
      (loaded) => loaded && { pages: loaded.pages.slice(0, 1), pageParams: loaded.pageParams.slice(0, 1) },
      { updatedAt: queries.getQueryState(queryKey)?.dataUpdatedAt ?? 0 },
    );
  }, [isFollowed]);
}

/** The time from which on readings are newer than the held ones. */
export function toHeldSince(
  { readings, requestedAt }: Pick<LoadedPage, 'readings' | 'requestedAt'>,
  { sort, order }: Pick<UrlState, 'sort' | 'order'>,
): string {
  const [newest] = readings;
  if (sort !== 'timestamp' || order !== 'desc' || newest === undefined) return requestedAt;
  return new Date(Date.parse(newest.timestamp) + 1).toISOString();
}

/** The number of readings since a time that match the filters of the table. */
export function useNewerReadings(from: string) {
  const api = useApi();
  const params = useReadingsParams();
  return useQuery({
    queryKey: ['newer-readings', params, from],
    queryFn: ({ signal }) => api.getReadings({ ...params, from, limit: 1 }, signal),
    ...toRefreshPolicy(true),
    gcTime: 0,
  });
}

/** The number of readings since live mode was paused. */
export function useNewReadings() {
  const api = useApi();
  const { time, sensors, type } = useUrlState().state;
  const from = time.mode === 'paused' ? time.pausedAt : undefined;
  return useQuery({
    queryKey: ['new-readings', from, sensors, type],
    queryFn: ({ signal }) => api.getStats({ from, type, sensor_id: sensors }, signal),
    enabled: from !== undefined,
    ...toRefreshPolicy(true),
  });
}
