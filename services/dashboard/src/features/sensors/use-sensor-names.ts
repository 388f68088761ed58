import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { retryIntervalMs } from '../../api/refresh-policy.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

/** Number of names listed; a search finds the others. */
const mostNames = 100;

/** The sensors whose names contain the typed text. */
export function useSensorNames(typed: string) {
  const api = useApi();
  const { type } = useUrlState().state;
  const search = typed.trim();
  return useQuery({
    queryKey: ['sensor-names', search, type],
    queryFn: ({ signal }) => api.getSensors({ type, search, limit: mostNames }, signal),
    select: ({ sensors, total }) => ({
      states: new Map(sensors.map(({ sensor_id, state }) => [sensor_id, state])),
      total,
    }),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    refetchInterval: ({ state }) => (state.status === 'error' ? retryIntervalMs : false),
  });
}
