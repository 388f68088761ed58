import type { ReadingSeries, SensorSeries, Series } from '@sensor-sentinel/contracts';
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

/** The points of one sensor, or of all sensors together. */
export interface SeriesLine {
  /** Null: all sensors. */
  sensor: string | null;
  series: SensorSeries;
  /** The time of a reading, or the middle of a bucket. */
  timesMs: readonly number[];
  /** How many readings a point represents; an estimate if readings were sampled. */
  readings: readonly number[];
  anomalies: readonly number[];
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
    lines: answered.map(toLine),
    count: answered.reduce((sum, series) => sum + series.count, 0),
    anomalies,
    isScored: hasModel || anomalies > 0,
  };
}

function toLine(series: SensorSeries): SeriesLine {
  const isBucketed = series.resolution !== 'reading';
  const halfMs = isBucketed ? series.resolution * 500 : 0;
  const weights = isBucketed
    ? { readings: series.bucket_count, anomalies: series.bucket_anomalies }
    : weighReadings(series);
  const timesMs = series.timestamp.map((start) => Date.parse(start) + halfMs);
  return { sensor: series.sensor_id, series, timesMs, ...weights };
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

function toShare(all: number, shown: number): number {
  return shown === 0 ? 0 : all / shown;
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

export interface Anomaly {
  id: string;
  timeMs: number;
  value: number;
}

/** The anomalies of a line that have a value: all of them, or if there are too many, some of all parts of the window. */
export function listAnomalies({ series, timesMs }: SeriesLine, feature: string): Anomaly[] {
  const isBucketed = series.resolution !== 'reading';
  const of = isBucketed ? series.top_anomalies : series;
  const values = toColumn(of, feature);
  return of.id.flatMap((id, index) => {
    const value = values[index] ?? null;
    if (value === null || (!isBucketed && series.prediction[index] !== 1)) return [];
    const timeMs = isBucketed ? Date.parse(of.timestamp[index] ?? '') : (timesMs[index] ?? 0);
    return [{ id, timeMs, value }];
  });
}
