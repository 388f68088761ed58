import type { FeatureName, SensorSort, SortColumn, SparklineSubject } from '@sensor-sentinel/contracts';
import { defaultTimeRange, type TimeRangeName } from '../time/time-range.ts';
import { localZoneName } from '../time/zone.ts';
import type { View } from '../views.ts';

/**
 * The time mode. `live` is refreshed; `paused` keeps a window and counts the readings that arrive after `pausedAt`;
 * `historical` is a fixed window. All times are UTC, ISO 8601.
 */
export type TimeState =
  | { mode: 'live'; range: TimeRangeName }
  | { mode: 'paused'; range: TimeRangeName; from: string; to: string; pausedAt: string }
  | { mode: 'historical'; range: TimeRangeName; from: string; to: string };

export const modes = ['live', 'paused', 'historical'] as const;
export type Mode = (typeof modes)[number];

/** Named like the query parameters of `GET /readings`. */
export const numberFilterNames = [
  'temperature_min',
  'temperature_max',
  'humidity_min',
  'humidity_max',
  'sound_volume_min',
  'sound_volume_max',
  'score_min',
  'score_max',
] as const;
export type NumberFilterName = (typeof numberFilterNames)[number];

export interface Filters extends Partial<Record<NumberFilterName, number>> {
  prediction?: 0 | 1;
}

/** Search and order of the sensors page; named like the query parameters of `GET /sensors`. */
export interface SensorList {
  search: string;
  sort: SensorSort;
  order: 'asc' | 'desc';
  sparkline: SparklineSubject;
}

export interface UrlState {
  view: View;
  time: TimeState;
  /** The time zone of displayed times: `local`, or an IANA name. */
  zone: string;
  /** In the order of selection; empty: all sensors. */
  sensors: readonly string[];
  sort: SortColumn;
  order: 'asc' | 'desc';
  filters: Filters;
  /** The features on the axes of the scatter plot. */
  scatter: { x: FeatureName; y: FeatureName };
  sensorList: SensorList;
  /** The id of the reading whose explanation is open. */
  reading: string | null;
  /** The name of the shown model; null: the one in use. */
  model: string | null;
}

export const defaultUrlState: UrlState = {
  view: 'overview',
  time: { mode: 'live', range: defaultTimeRange },
  zone: localZoneName,
  sensors: [],
  sort: 'timestamp',
  order: 'desc',
  filters: {},
  scatter: { x: 'humidity', y: 'temperature' },
  sensorList: { search: '', sort: 'name', order: 'asc', sparkline: 'anomaly_rate' },
  reading: null,
  model: null,
};
