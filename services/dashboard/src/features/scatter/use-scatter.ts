import { useMemo } from 'react';
import { useSeries } from '../series/use-series.ts';
import { describeShown } from './describe-scatter.ts';
import type { Axes } from './scatter-axes.ts';
import { toReadingPairs, toSeriesPairs } from './to-scatter-points.ts';
import { useSampledReadings } from './use-sampled-readings.ts';

/** The readings of the charts, or a sample of the window if the charts show buckets. */
export function useScatter(axes: Axes) {
  const series = useSeries();
  const isSampled = series.data !== undefined && series.data.resolution !== 'reading';
  const sample = useSampledReadings({ isEnabled: isSampled });
  const points = useMemo(() => {
    if (series.data?.resolution === 'reading') return toSeriesPairs(series.data, axes);
    return sample.data === undefined ? null : toReadingPairs(sample.data, axes);
  }, [series.data, sample.data, axes]);
  const { data } = series;
  const drawn = data?.resolution === 'reading' ? data.timestamp.length : sample.data?.length;
  return {
    query: isSampled ? sample : series,
    points,
    count: data?.count ?? 0,
    note:
      data &&
      points &&
      describeShown({ series: data, shown: points.length, missing: (drawn ?? 0) - points.length }),
  };
}
