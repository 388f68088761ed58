import type { ReadingSeries, Series } from '@sensor-sentinel/contracts';
import { type Run, toRuns } from './to-runs.ts';

/** A series with derived values that its charts share. */
export interface SeriesPoints {
  series: Series;
  /** The time of a reading, or the middle of a bucket. */
  timesMs: readonly number[];
  runs: readonly Run[];
  /** How many readings a point represents; an estimate if readings were sampled. */
  readings: readonly number[];
  anomalies: readonly number[];
  /** False if no model has scored the readings: then it is unknown whether there are anomalies. */
  isScored: boolean;
}

/** The values of a feature in a series, null where one is missing. */
export function toColumn(
  series: Pick<Series, 'timestamp'> & Readonly<Record<string, unknown>>,
  feature: string,
): readonly (number | null)[] {
  const column = series[feature];
  return Array.isArray(column) ? column : series.timestamp.map(() => null);
}

/** The lowest and the highest values of a feature at each point. */
export function toExtremes(series: Series, feature: string) {
  if (series.resolution !== 'reading') {
    const { min, max, timestamp } = series;
    return {
      lowest: toColumn({ ...min, timestamp }, feature),
      highest: toColumn({ ...max, timestamp }, feature),
    };
  }
  const column = toColumn(series, feature);
  return { lowest: column, highest: column };
}

function toShare(all: number, shown: number): number {
  return shown === 0 ? 0 : all / shown;
}

/** Distributes omitted normal readings over the shown normal ones, and omitted anomalies over the shown anomalies. */
function weighReadings({ count, anomalies, prediction }: ReadingSeries) {
  const shownAnomalies = prediction.filter((label) => label === 1).length;
  const perNormal = toShare(count - anomalies, prediction.length - shownAnomalies);
  const perAnomaly = toShare(anomalies, shownAnomalies);
  return {
    readings: prediction.map((label) => (label === 1 ? perAnomaly : perNormal)),
    anomalies: prediction.map((label) => (label === 1 ? perAnomaly : 0)),
  };
}

export function toSeriesPoints(series: Series, isScored = true): SeriesPoints {
  const isBucketed = series.resolution !== 'reading';
  const halfMs = isBucketed ? series.resolution * 500 : 0;
  const weights = isBucketed
    ? { readings: series.bucket_count, anomalies: series.bucket_anomalies }
    : weighReadings(series);
  return {
    series,
    timesMs: series.timestamp.map((start) => Date.parse(start) + halfMs),
    runs: toRuns(series),
    isScored,
    ...weights,
  };
}

/** The index of the point nearest in time; -1 without points. */
export function findNearest(timesMs: readonly number[], timeMs: number): number {
  let low = 0;
  let high = timesMs.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((timesMs[middle] ?? 0) < timeMs) low = middle + 1;
    else high = middle;
  }
  const after = timesMs[low];
  const before = timesMs[low - 1];
  if (before === undefined) return after === undefined ? -1 : low;
  return after === undefined || timeMs - before <= after - timeMs ? low - 1 : low;
}
