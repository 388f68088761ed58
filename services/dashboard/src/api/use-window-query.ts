import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { toQueryWindow } from '../url-state/time-transitions.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { useApi } from './api-context.ts';
import type { Api, QueryParameters } from './client.ts';
import { toRefreshPolicy } from './refresh-policy.ts';

interface WindowQuery<Answer> {
  route: string;
  get: (api: Api) => (params: QueryParameters, signal: AbortSignal) => Promise<Answer>;
  params?: QueryParameters;
}

/** An answer with the window it is about: in live mode each fetch asks for a later one. */
export type Windowed<Answer> = Answer & { shownTo: string };

/** Asks a route about the window and the sensor in view. */
export function useWindowQuery<Answer>(query: WindowQuery<Answer>): UseQueryResult<Windowed<Answer>> {
  const api = useApi();
  const { time, sensor } = useUrlState().state;
  const params = { ...query.params, sensor_id: sensor ?? undefined };
  return useQuery({
    queryKey: [query.route, time.mode === 'live' ? time.range : [time.from, time.to], params],
    queryFn: async ({ signal }) => {
      const nowMs = api.now();
      const window = toQueryWindow(time, nowMs);
      const answer = await query.get(api)({ ...params, ...window }, signal);
      return { ...answer, shownTo: window.to ?? new Date(nowMs).toISOString() };
    },
    placeholderData: keepPreviousData,
    ...toRefreshPolicy(time.mode === 'live'),
  });
}
