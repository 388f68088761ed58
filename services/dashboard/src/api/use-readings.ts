import type { ReadingsPage } from '@sensor-sentinel/contracts';
import { keepPreviousData, useInfiniteQuery, useQuery } from '@tanstack/react-query';
import { toQueryWindow } from '../url-state/time-transitions.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { useApi } from './api-context.ts';
import { toRefreshPolicy } from './refresh-policy.ts';

/** How many readings are asked for at a time. */
const pageRows = 100;

interface FirstPage extends ReadingsPage {
  window: { from: string; to: string | undefined };
  askedAt: string;
}

/** What the table asks for, but for the time. */
export function useReadingsQuestion() {
  const { sensors, filters, sort, order } = useUrlState().state;
  return { ...filters, sort, order, sensor_id: sensors };
}

/** The first page of the readings in view. It follows in live mode, unless it is held. */
export function useReadings(isHeld: boolean) {
  const api = useApi();
  const { time } = useUrlState().state;
  const question = useReadingsQuestion();
  return useQuery({
    queryKey: ['readings', time.mode === 'live' ? time.range : [time.from, time.to], question],
    queryFn: async ({ signal }): Promise<FirstPage> => {
      const nowMs = api.now();
      const window = toQueryWindow(time, nowMs);
      const page = await api.getReadings({ ...question, ...window, limit: pageRows }, signal);
      return { ...page, window, askedAt: new Date(nowMs).toISOString() };
    },
    placeholderData: keepPreviousData,
    ...toRefreshPolicy(time.mode === 'live'),
    // What is held is not asked for again, whoever says that there is more.
    enabled: ({ state }) => !isHeld || state.data === undefined,
  });
}

/** The pages after the first one, of its very window and order, as they are asked for; another first page begins anew. */
export function useLaterReadings(first: FirstPage | undefined) {
  const api = useApi();
  const question = useReadingsQuestion();
  const cursor = first?.next_cursor ?? null;
  return useInfiniteQuery({
    queryKey: ['later-readings', question, first?.window, cursor],
    queryFn: ({ pageParam, signal }) =>
      api.getReadings(
        { ...question, ...first?.window, limit: pageRows, cursor: pageParam ?? undefined },
        signal,
      ),
    initialPageParam: cursor,
    getNextPageParam: (page) => page.next_cursor,
    enabled: false,
    gcTime: 0,
  });
}
