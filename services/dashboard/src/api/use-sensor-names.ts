import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { useApi } from './api-context.ts';
import { retryIntervalMs } from './refresh-policy.ts';

/** How many are shown to be chosen from; a search finds the others. */
const mostNames = 100;

/** The sensors that have the text in their names: asked for once, as it is typed. */
export function useSensorNames(typed: string) {
  const api = useApi();
  const search = typed.trim();
  return useQuery({
    queryKey: ['sensor-names', search],
    queryFn: ({ signal }) => api.getSensors({ search, limit: mostNames }, signal),
    select: ({ sensors, total }) => ({
      states: new Map(sensors.map(({ sensor_id, state }) => [sensor_id, state])),
      total,
    }),
    placeholderData: keepPreviousData,
    refetchOnWindowFocus: false,
    refetchInterval: ({ state }) => (state.status === 'error' ? retryIntervalMs : false),
  });
}
