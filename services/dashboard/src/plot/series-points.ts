import type { ReadingSeries, Series } from '@sensor-sentinel/contracts';
import { type Run, toRuns } from './to-runs.ts';

/** A series with what all of its charts need of it, worked out once. */
export interface SeriesPoints {
  series: Series;
  /** Of a stretch of time its middle. */
  timesMs: readonly number[];
  runs: readonly Run[];
  /** How many readings a point stands for: of readings that were sampled an estimate. */
  readings: readonly number[];
  anomalies: readonly number[];
}

function toShare(all: number, shown: number): number {
  return shown === 0 ? 0 : all / shown;
}

/** Normal readings that were left out are spread over the normal ones that are shown, anomalies over anomalies. */
function weighReadings({ count, anomalies, prediction }: ReadingSeries) {
  const shownAnomalies = prediction.filter((label) => label === 1).length;
  const perNormal = toShare(count - anomalies, prediction.length - shownAnomalies);
  const perAnomaly = toShare(anomalies, shownAnomalies);
  return {
    readings: prediction.map((label) => (label === 1 ? perAnomaly : perNormal)),
    anomalies: prediction.map((label) => (label === 1 ? perAnomaly : 0)),
  };
}

export function toSeriesPoints(series: Series): SeriesPoints {
  const isBucketed = series.resolution !== 'reading';
  const halfMs = isBucketed ? series.resolution * 500 : 0;
  const weights = isBucketed
    ? { readings: series.bucket_count, anomalies: series.bucket_anomalies }
    : weighReadings(series);
  return {
    series,
    timesMs: series.timestamp.map((start) => Date.parse(start) + halfMs),
    runs: toRuns(series),
    ...weights,
  };
}

/** The index of the point nearest in time; -1 where there is none. */
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
