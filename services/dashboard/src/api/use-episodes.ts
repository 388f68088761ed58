import type { Episode } from '@sensor-sentinel/contracts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { toQueryWindow } from '../url-state/time-transitions.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { useApi } from './api-context.ts';
import { toRefreshPolicy } from './refresh-policy.ts';

/** How many episodes are asked for at a time. */
const pageEpisodes = 50;

/** One whose newest reading has changed between two pages is on both. */
function toDistinct(episodes: readonly Episode[]): Episode[] {
  return [...new Map(episodes.map((episode) => [toEpisodeKey(episode), episode])).values()];
}

/** An episode keeps its first reading, as long as none arrives late. */
export function toEpisodeKey({ sensor_id, start }: Episode): string {
  return `${start} ${sensor_id}`;
}

/** The episodes of the window and the sensors in view, newest first; older ones as they are asked for. */
export function useEpisodes() {
  const api = useApi();
  const { time, sensors } = useUrlState().state;
  const isLive = time.mode === 'live';
  return useInfiniteQuery({
    queryKey: ['episodes', isLive ? time.range : [time.from, time.to], sensors],
    queryFn: ({ pageParam, signal }) =>
      api.getEpisodes(
        {
          ...toQueryWindow(time, api.now()),
          sensor_id: sensors,
          limit: pageEpisodes,
          cursor: pageParam ?? undefined,
        },
        signal,
      ),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    select: ({ pages }) => toDistinct(pages.flatMap(({ episodes }) => episodes)),
    placeholderData: keepPreviousData,
    ...toRefreshPolicy(isLive),
    // Every page that was opened is asked for again: not at the pace of the stream.
    meta: { isLive: false },
  });
}
