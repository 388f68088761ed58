import { useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { toRefreshPolicy } from '../../api/refresh-policy.ts';
import { toShownWindow } from '../url-state/time-transitions.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { useWindowQuery } from '../url-state/use-window-query.ts';

export function useStats() {
  return useWindowQuery({ route: 'stats', get: (api) => api.getStats });
}

/** Refresh interval as a share of the window length: a longer window changes more slowly. */
const refreshShare = 1 / 60;

/** The statistics of the window of the same length just before the selected one. */
export function useStatsBefore() {
  const api = useApi();
  const { time, sensors, type } = useUrlState().state;
  const window = toShownWindow(time, 0);
  const durationMs = Date.parse(window.to) - Date.parse(window.from);
  return useQuery({
    queryKey: ['stats-before', time.mode === 'live' ? time.range : [time.from, time.to], sensors, type],
    queryFn: async ({ signal }) => {
      const to = toShownWindow(time, api.now()).from;
      const from = new Date(Date.parse(to) - durationMs).toISOString();
      return { ...(await api.getStats({ from, to, type, sensor_id: sensors }, signal)), durationMs };
    },
    ...toRefreshPolicy(time.mode === 'live', { everyMs: durationMs * refreshShare }),
  });
}
