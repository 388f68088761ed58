import { keepPreviousData, type UseQueryResult, useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import type { Api } from '../../api/client.ts';
import { idleIntervalMs, toRefreshPolicy } from '../../api/refresh-policy.ts';
import type { QueryParameters } from '../../api/requests.ts';
import { toDurationMs } from '../time/time-window.ts';
import { toQueryWindow } from './time-transitions.ts';
import { useUrlState } from './url-state-context.ts';

interface WindowQuery<Answer> {
  route: string;
  get: (api: Api) => (params: QueryParameters, signal: AbortSignal) => Promise<Answer>;
  params?: QueryParameters;
  /** Asked again this often at most. */
  everyMs?: number;
  /** The stream says when the answer has changed. */
  isAnnounced?: boolean;
}

/** A response with the end of its window, which moves with every fetch in live mode. */
type Windowed<Answer> = Answer & { shownTo: string };

/** The longer the window, the less one reading changes what is shown of it. */
const refreshesPerWindow = 1000;

/** Queries a route for the selected window and sensors. */
export function useWindowQuery<Answer>(query: WindowQuery<Answer>): UseQueryResult<Windowed<Answer>> {
  const api = useApi();
  const { time, sensors, type } = useUrlState().state;
  const isLive = time.mode === 'live';
  const params = { ...query.params, type, sensor_id: sensors };
  return useQuery({
    queryKey: [query.route, isLive ? time.range : [time.from, time.to], params],
    queryFn: async ({ signal }) => {
      const nowMs = api.now();
      const window = toQueryWindow(time, nowMs);
      const answer = await query.get(api)({ ...params, ...window }, signal);
      return { ...answer, shownTo: window.to ?? new Date(nowMs).toISOString() };
    },
    placeholderData: keepPreviousData,
    ...toRefreshPolicy(isLive, {
      isAnnounced: query.isAnnounced === true,
      everyMs: Math.max(
        query.everyMs ?? 0,
        Math.min(toDurationMs(time.range) / refreshesPerWindow, idleIntervalMs),
      ),
    }),
  });
}
