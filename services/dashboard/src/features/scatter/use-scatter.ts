import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from '../../api/api-context.ts';
import { toRefreshPolicy } from '../../api/refresh-policy.ts';
import { useSeries } from '../series/use-series.ts';
import { toWindow } from '../time/time-window.ts';
import { toShownWindow } from '../url-state/time-transitions.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { describeShown } from './describe-scatter.ts';
import { type Axes, toReadingPairs, toSeriesPairs } from './scatter-points.ts';

/** The readings of the charts, or a sample of the window if the charts show buckets. */
export function useScatter(axes: Axes) {
  const series = useSeries();
  const pairs = useMemo(
    () => (series.points === null ? null : toSeriesPairs(series.points.lines, axes)),
    [series.points, axes],
  );
  const isSampled = series.points !== null && pairs === null;
  const sample = useSampledReadings({ isEnabled: isSampled });
  const points = useMemo(
    () => pairs ?? (sample.data === undefined ? null : toReadingPairs(sample.data, axes)),
    [pairs, sample.data, axes],
  );
  const sampled = isSampled ? (sample.data?.length ?? 0) : null;
  return {
    query: isSampled ? sample : series.query,
    points,
    count: series.points?.count ?? 0,
    note: series.points && points && describeShown(series.points, { shown: points.length, sampled }),
  };
}

const stretches = 5;
const sampledPerStretch = 100;
/** A sample of many readings changes slowly. */
const refreshIntervalMs = 30_000;

/** A sample of a window with too many readings: the newest ones of each fifth of it. */
function useSampledReadings({ isEnabled }: { isEnabled: boolean }) {
  const api = useApi();
  const { time, sensors, type } = useUrlState().state;
  const isLive = time.mode === 'live';
  return useQuery({
    queryKey: ['sampled-readings', isLive ? time.range : [time.from, time.to], sensors, type],
    enabled: isEnabled,
    queryFn: async ({ signal }) => {
      const window = toShownWindow(time, api.now());
      const fromMs = Date.parse(window.from);
      const lengthMs = (Date.parse(window.to) - fromMs) / stretches;
      const answers = Array.from({ length: stretches }, (_, place) => {
        const startMs = fromMs + Math.round(place * lengthMs);
        const stretch = toWindow(startMs, fromMs + Math.round((place + 1) * lengthMs));
        return api.getReadings({ ...stretch, type, sensor_id: sensors, limit: sampledPerStretch }, signal);
      });
      return (await Promise.all(answers)).flatMap(({ readings }) => readings);
    },
    ...toRefreshPolicy(isLive, { everyMs: refreshIntervalMs }),
  });
}
