import type { FeatureValues, Series } from '@sensor-sentinel/contracts';
import { useMemo } from 'react';
import { sampledPerStretch, useSampledReadings } from '../../api/use-sampled-readings.ts';
import { useSeries } from '../../api/use-series.ts';
import { formatAmount, formatCount } from '../../format/format-number.ts';

export interface ScatterPoint extends FeatureValues {
  prediction: 0 | 1;
}

function toPoints(series: Series): ScatterPoint[] | null {
  if (series.resolution !== 'reading') return null;
  return series.timestamp.map((_, index) => ({
    temperature: series.temperature[index] ?? 0,
    humidity: series.humidity[index] ?? 0,
    sound_volume: series.sound_volume[index] ?? 0,
    prediction: series.prediction[index] ?? 0,
  }));
}

/** The readings of the charts, or a sample of the window if the charts show buckets. */
export function useScatter() {
  const series = useSeries();
  const isSampled = series.data !== undefined && series.data.resolution !== 'reading';
  const sample = useSampledReadings({ isEnabled: isSampled });
  const drawn = useMemo(() => (series.data === undefined ? null : toPoints(series.data)), [series.data]);
  const isThinned = series.data?.resolution === 'reading' && series.data.anomalies_sampled;
  return {
    query: isSampled ? sample : series,
    points: isSampled ? (sample.data ?? null) : drawn,
    count: series.data?.count ?? 0,
    /** Describes which readings are shown. */
    note(shown: number, count: number): string {
      const of = `${formatCount(shown)} of ${formatAmount(count, 'reading')}`;
      if (isSampled) return `${of}: the newest ${sampledPerStretch} of each fifth of the window`;
      return shown < count ? `${of}, keeping ${isThinned ? 'the most anomalous' : 'every anomaly'}` : of;
    },
  };
}
