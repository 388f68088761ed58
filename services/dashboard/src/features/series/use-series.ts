import type { ReadingSeries, SensorSeries } from '@sensor-sentinel/contracts';
import { useMemo } from 'react';
import type { TimeWindow } from '../time/time-window.ts';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { useWindowQuery } from '../url-state/use-window-query.ts';

/** Per feature. A chart of three features has up to three times as many, which is as many as its pixels. */
const points = 500;

/** The readings or buckets of the window, by sensor, and the window to draw. */
export function useSeries() {
  const query = useWindowQuery({
    route: 'series',
    get: (api) => api.getSeries,
    params: { points, by: 'sensor' },
  });
  const { time } = useUrlState().state;
  const hasModel = useSensorType().model !== null;
  const series = query.data?.series;
  const shown = useMemo(
    () => (series === undefined ? null : toSeriesPoints(series, hasModel)),
    [series, hasModel],
  );
  // A fixed window is drawn at once, even while it is loading; a live window as of the last fetch.
  const { from, to } = time.mode === 'live' ? { from: query.data?.from, to: query.data?.shownTo } : time;
  const window = useMemo(
    (): TimeWindow | null => (from == null || to == null ? null : { from, to }),
    [from, to],
  );
  return { query, points: shown, window };
}

/** A reading or a bucket. */
export interface SeriesPoint {
  series: SensorSeries;
  /** Its place in the columns of the series. */
  index: number;
  /** Null for a bucket. */
  reading: { id: string; prediction: 0 | 1 | null } | null;
  /** The time of a reading, or the middle of a bucket. */
  timeMs: number;
  /** How many readings it represents; an estimate if readings were sampled. */
  readings: number;
  anomalies: number;
}

/** The points of one sensor, or of all sensors together. */
export interface SeriesLine {
  /** Null: all sensors. */
  sensor: string | null;
  series: SensorSeries;
  points: readonly SeriesPoint[];
}

export interface SeriesPoints {
  lines: readonly SeriesLine[];
  count: number;
  anomalies: number;
  /** False if no model has scored the readings: then it is unknown whether there are anomalies. */
  isScored: boolean;
}

export function toSeriesPoints(answered: readonly SensorSeries[], hasModel: boolean): SeriesPoints {
  const anomalies = answered.reduce((sum, series) => sum + series.anomalies, 0);
  return {
    lines: answered.map((series) => ({ sensor: series.sensor_id, series, points: listPoints(series) })),
    count: answered.reduce((sum, series) => sum + series.count, 0),
    anomalies,
    isScored: hasModel || anomalies > 0,
  };
}

function listPoints(series: SensorSeries): SeriesPoint[] {
  const isBucketed = series.resolution !== 'reading';
  const halfMs = isBucketed ? series.resolution * 500 : 0;
  const { readings, anomalies } = isBucketed
    ? { readings: series.bucket_count, anomalies: series.bucket_anomalies }
    : weighReadings(series);
  return series.timestamp.map((start, index) => ({
    series,
    index,
    reading: isBucketed ? null : { id: series.id[index] ?? '', prediction: series.prediction[index] ?? null },
    timeMs: Date.parse(start) + halfMs,
    readings: readings[index] ?? 0,
    anomalies: anomalies[index] ?? 0,
  }));
}

/** Distributes omitted normal readings over the shown normal ones, and omitted anomalies over the shown anomalies. */
function weighReadings({ count, anomalies, prediction }: ReadingSeries) {
  const shownAnomalies = prediction.filter((label) => label === 1).length;
  const perNormal = (count - anomalies) / (prediction.length - shownAnomalies);
  const perAnomaly = anomalies / shownAnomalies;
  return {
    readings: prediction.map((label) => (label === 1 ? perAnomaly : perNormal)),
    anomalies: prediction.map((label) => (label === 1 ? perAnomaly : 0)),
  };
}

export interface PointValue {
  /** The value of a reading, or the mean of a bucket. */
  mean: number;
  min: number;
  max: number;
}

/** What a point says about a feature; null if that is missing. */
export function toValue({ series, index }: SeriesPoint, feature: string): PointValue | null {
  const mean = readColumn(series[feature], index);
  if (mean === null) return null;
  if (series.resolution === 'reading') return { mean, min: mean, max: mean };
  return {
    mean,
    min: readColumn(series.min[feature], index) ?? mean,
    max: readColumn(series.max[feature], index) ?? mean,
  };
}

function readColumn(column: unknown, index: number): number | null {
  const value: unknown = Array.isArray(column) ? column[index] : null;
  return typeof value === 'number' ? value : null;
}

export interface Anomaly {
  id: string;
  timeMs: number;
  value: number;
}

/** The anomalies of a line that have a value: all of them, or if there are too many, some of all parts of the window. */
export function listAnomalies({ series, points }: SeriesLine, feature: string): Anomaly[] {
  if (series.resolution === 'reading')
    return points.flatMap((point) => {
      const { reading, timeMs } = point;
      const value = toValue(point, feature)?.mean;
      return reading?.prediction !== 1 || value === undefined ? [] : [{ id: reading.id, timeMs, value }];
    });
  const { id: ids, timestamp, [feature]: column } = series.top_anomalies;
  return ids.flatMap((id, index) => {
    const value = readColumn(column, index);
    return value === null ? [] : [{ id, timeMs: Date.parse(timestamp[index] ?? ''), value }];
  });
}
