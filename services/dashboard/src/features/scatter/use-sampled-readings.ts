import { skipToken, useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { toRefreshPolicy } from '../../api/refresh-policy.ts';
import { toShownWindow } from '../url-state/time-transitions.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

const stretches = 5;
const refreshIntervalMs = 30_000;

export const sampledPerStretch = 100;

/** A sample of a window with too many readings: the newest ones of each fifth of it. */
export function useSampledReadings({ isEnabled }: { isEnabled: boolean }) {
  const api = useApi();
  const { time, sensors, type } = useUrlState().state;
  const isLive = time.mode === 'live';
  return useQuery({
    queryKey: ['sampled-readings', isLive ? time.range : [time.from, time.to], sensors, type],
    queryFn: !isEnabled
      ? skipToken
      : async ({ signal }) => {
          const window = toShownWindow(time, api.now());
          const fromMs = Date.parse(window.from);
          const lengthMs = (Date.parse(window.to) - fromMs) / stretches;
          const toTime = (place: number) => new Date(fromMs + Math.round(place * lengthMs)).toISOString();
          const pages = await Promise.all(
            Array.from({ length: stretches }, (_, place) => {
              const stretch = { from: toTime(place), to: toTime(place + 1) };
              return api.getReadings(
                { ...stretch, type, sensor_id: sensors, limit: sampledPerStretch },
                signal,
              );
            }),
          );
          return pages.flatMap(({ readings }) => readings);
        },
    ...toRefreshPolicy(isLive, { everyMs: refreshIntervalMs }),
  });
}
