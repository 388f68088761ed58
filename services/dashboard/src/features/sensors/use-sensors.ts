import type { Sensor } from '@sensor-sentinel/contracts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { retryIntervalMs } from '../../api/refresh-policy.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

/** Sensors per page. */
const pageSensors = 100;
const sensorsRefreshIntervalMs = 5000;

interface FoundSensors {
  sensors: Sensor[];
  total: number;
}

/** A sensor that moved between two requests may be on both pages. */
function toDistinct(sensors: readonly Sensor[]): Sensor[] {
  return [...new Map(sensors.map((sensor) => [sensor.sensor_id, sensor])).values()];
}

/** The sensors that match the search. Pages are fetched on demand; loaded pages are refreshed. */
export function useSensors() {
  const api = useApi();
  const { type, sensorList } = useUrlState().state;
  const { search, ...list } = sensorList;
  return useInfiniteQuery({
    queryKey: ['sensors', search, list, type],
    queryFn: ({ pageParam, signal }) =>
      api.getSensors({ ...list, type, search, limit: pageSensors, cursor: pageParam ?? undefined }, signal),
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    select: ({ pages }): FoundSensors => ({
      sensors: toDistinct(pages.flatMap(({ sensors }) => sensors)),
      total: pages.at(-1)?.total ?? 0,
    }),
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) => (state.status === 'error' ? retryIntervalMs : sensorsRefreshIntervalMs),
  });
}
