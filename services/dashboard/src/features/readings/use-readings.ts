import type { ReadingsPage } from '@sensor-sentinel/contracts';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { toRefreshPolicy } from '../../api/refresh-policy.ts';
import { toQueryWindow } from '../url-state/time-transitions.ts';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { toSoughtBounds } from './shown-bounds.ts';

/** Readings per page. */
const pageRows = 100;

interface FirstPage extends ReadingsPage {
  window: { from: string; to: string | undefined };
  requestedAt: string;
}

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

/** The first page of the table. Refreshed in live mode unless it is held. */
export function useReadings(isHeld: boolean) {
  const api = useApi();
  const { time } = useUrlState().state;
  const params = useReadingsParams();
  return useQuery({
    queryKey: ['readings', time.mode === 'live' ? time.range : [time.from, time.to], params],
    queryFn: async ({ signal }): Promise<FirstPage> => {
      const nowMs = api.now();
      const window = toQueryWindow(time, nowMs);
      const page = await api.getReadings({ ...params, ...window, limit: pageRows }, signal);
      return { ...page, window, requestedAt: new Date(nowMs).toISOString() };
    },
    placeholderData: keepPreviousData,
    ...toRefreshPolicy(time.mode === 'live'),
    // A held page is not refetched, not even when the stream reports new readings.
    enabled: ({ state }) => !isHeld || state.data === undefined,
  });
}

/** The pages after the first one, with the same window and order, fetched on demand. A new first page resets them. */
export function useLaterReadings(first: FirstPage | undefined) {
  const api = useApi();
  const params = useReadingsParams();
  const cursor = first?.next_cursor ?? null;
  return useInfiniteQuery({
    queryKey: ['later-readings', params, first?.window, cursor],
    queryFn: ({ pageParam, signal }) =>
      api.getReadings(
        { ...params, ...first?.window, limit: pageRows, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: cursor,
    getNextPageParam: (page) => page.next_cursor,
    enabled: false,
    gcTime: 0,
  });
}
