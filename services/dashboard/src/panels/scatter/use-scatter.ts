import { useMemo } from 'react';
import { sampledPerStretch, useSampledReadings } from '../../api/use-sampled-readings.ts';
import { useSeries } from '../../api/use-series.ts';
import { formatAmount, formatCount } from '../../format/format-number.ts';
import type { Axes } from './scatter-axes.ts';
import { toReadingPairs, toSeriesPairs } from './to-scatter-points.ts';

/** The readings of the charts, or a sample of the window if the charts show buckets. */
export function useScatter(axes: Axes) {
  const series = useSeries();
  const isSampled = series.data !== undefined && series.data.resolution !== 'reading';
  const sample = useSampledReadings({ isEnabled: isSampled });
  const points = useMemo(() => {
    if (series.data?.resolution === 'reading') return toSeriesPairs(series.data, axes);
    return sample.data === undefined ? null : toReadingPairs(sample.data, axes);
  }, [series.data, sample.data, axes]);
  const isThinned = series.data?.resolution === 'reading' && series.data.anomalies_sampled;
  return {
    query: isSampled ? sample : series,
    points,
    count: series.data?.count ?? 0,
    /** Describes which readings are shown. */
    note(shown: number, count: number): string {
      const of = `${formatCount(shown)} of ${formatAmount(count, 'reading')}`;
      if (isSampled) return `${of}: the newest ${sampledPerStretch} of each fifth of the window`;
      return shown < count ? `${of}, keeping ${isThinned ? 'the most anomalous' : 'every anomaly'}` : of;
    },
  };
}
