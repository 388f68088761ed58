import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { toDurationMs } from '../time/time-range.ts';
import { toQueryWindow } from '../url-state/time-transitions.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { useApi } from './api-context.ts';
import type { Api } from './client.ts';
import type { QueryParameters } from './query-parameters.ts';
import { toRefreshPolicy } from './refresh-policy.ts';

interface WindowQuery<Answer> {
  route: string;
  get: (api: Api) => (params: QueryParameters, signal: AbortSignal) => Promise<Answer>;
  params?: QueryParameters;
}

/** An answer with the window it is about: in live mode each fetch asks for a later one. */
export type Windowed<Answer> = Answer & { shownTo: string };

/** Over so long a window a reading changes what is drawn by less than is seen: it is asked for at the usual pace. */
const longestLiveMs = 6 * 3_600_000;

/** Asks a route about the window and the sensors in view. */
export function useWindowQuery<Answer>(query: WindowQuery<Answer>): UseQueryResult<Windowed<Answer>> {
  const api = useApi();
  const { time, sensors } = useUrlState().state;
  const isLive = time.mode === 'live';
  const params = { ...query.params, sensor_id: sensors };
  return useQuery({
    queryKey: [query.route, isLive ? time.range : [time.from, time.to], params],
    queryFn: async ({ signal }) => {
      const nowMs = api.now();
      const window = toQueryWindow(time, nowMs);
      const answer = await query.get(api)({ ...params, ...window }, signal);
      return { ...answer, shownTo: window.to ?? new Date(nowMs).toISOString() };
    },
    placeholderData: keepPreviousData,
    ...toRefreshPolicy(isLive),
    meta: { isLive: isLive && toDurationMs(time.range) <= longestLiveMs },
  });
}
