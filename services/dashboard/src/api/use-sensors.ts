import type { Sensor } from '@sensor-sentinel/contracts';
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query';
import { useUrlState } from '../url-state/url-state-context.ts';
import { useApi } from './api-context.ts';
import { retryIntervalMs } from './refresh-policy.ts';

/** How many sensors are asked for at a time. */
const pageSensors = 100;
const sensorsRefreshIntervalMs = 5000;

interface FoundSensors {
  sensors: Sensor[];
  total: number;
}

/** One that has changed its place between two pages is on both. */
function toDistinct(sensors: readonly Sensor[]): Sensor[] {
  return [...new Map(sensors.map((sensor) => [sensor.sensor_id, sensor])).values()];
}

/** The sensors that are sought, page after page as they are looked at; what is there is followed. */
export function useSensors() {
  const api = useApi();
  const { search, ...list } = useUrlState().state.sensorList;
  return useInfiniteQuery({
    queryKey: ['sensors', search, list],
    queryFn: ({ pageParam, signal }) =>
      api.getSensors({ ...list, search, limit: pageSensors, cursor: pageParam ?? undefined }, signal),
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
