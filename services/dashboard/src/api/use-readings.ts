import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { toQueryWindow } from '../url-state/time-transitions.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { useApi } from './api-context.ts';
import { toRefreshPolicy } from './refresh-policy.ts';

/** A later page, of the window that the first page was read from. */
export interface PagePlace {
  cursor: string;
  from: string;
  to: string | undefined;
}

/**
 * One page of readings. Cursors belong to the window of the page they came with, so later pages keep
 * it; `isHeld` stops the first page from following too.
 */
export function useReadings(place: PagePlace | null, isHeld: boolean) {
  const api = useApi();
  const { time, sensor, filters, sort, order, size } = useUrlState().state;
  const params = { ...filters, sort, order, limit: size, sensor_id: sensor ?? undefined };
  return useQuery({
    queryKey: ['readings', time.mode === 'live' ? time.range : [time.from, time.to], params, place],
    queryFn: async ({ signal }) => {
      const window = toQueryWindow(time, api.now());
      const { from, to, cursor } = place ?? { ...window, cursor: undefined };
      return { ...(await api.getReadings({ ...params, from, to, cursor }, signal)), window: { from, to } };
    },
    placeholderData: keepPreviousData,
    ...toRefreshPolicy(time.mode === 'live' && place === null && !isHeld),
  });
}
