import type { Episode } from '@sensor-sentinel/contracts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { toQueryWindow } from '../url-state/time-transitions.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { useApi } from './api-context.ts';
import { toRefreshPolicy } from './refresh-policy.ts';

/** Episodes per page. */
const pageEpisodes = 50;

/** An episode that changed between two requests may be on both pages. */
function toDistinct(episodes: readonly Episode[]): Episode[] {
  return [...new Map(episodes.map((episode) => [toEpisodeKey(episode), episode])).values()];
}

/** The start of an episode only changes when a reading arrives late. */
export function toEpisodeKey({ sensor_id, start }: Episode): string {
  return `${start} ${sensor_id}`;
}

/** The episodes of the selected window and sensors, newest first; older pages are fetched on demand. */
export function useEpisodes() {
  const api = useApi();
  const { time, sensors, type } = useUrlState().state;
  const isLive = time.mode === 'live';
  return useInfiniteQuery({
    queryKey: ['episodes', isLive ? time.range : [time.from, time.to], sensors, type],
    queryFn: ({ pageParam, signal }) =>
      api.getEpisodes(
        {
          ...toQueryWindow(time, api.now()),
          type,
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
    // A refresh fetches every loaded page, so it is not triggered by the stream.
    meta: { isLive: false },
  });
}
