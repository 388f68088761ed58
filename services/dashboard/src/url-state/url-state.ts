import type { FeatureName, SensorSort, SortColumn, SparklineSubject } from '@sensor-sentinel/contracts';
import { defaultTimeRange, type TimeRangeName } from '../time/time-range.ts';
import { localZoneName } from '../time/zone.ts';

/**
 * Which time is looked at. `live` follows; `paused` keeps a window and counts what arrived after
 * `pausedAt`; `historical` is a window that was asked for. All times are UTC, ISO 8601.
 */
export type TimeState =
  | { mode: 'live'; range: TimeRangeName }
  | { mode: 'paused'; range: TimeRangeName; from: string; to: string; pausedAt: string }
  | { mode: 'historical'; range: TimeRangeName; from: string; to: string };

export const modes = ['live', 'paused', 'historical'] as const;
export type Mode = (typeof modes)[number];

/** Named as the query parameters of `GET /readings` are. */
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

export const views = ['overview', 'sensors', 'alerts', 'replays', 'ledger', 'model'] as const;
export type View = (typeof views)[number];

/** Which sensors are listed, and how; named as the query parameters of `GET /sensors` are. */
export interface SensorList {
  search: string;
  sort: SensorSort;
  order: 'asc' | 'desc';
  sparkline: SparklineSubject;
}

export interface UrlState {
  view: View;
  time: TimeState;
  /** The zone that times are shown in: `local`, or a name of the IANA's. */
  zone: string;
  /** In the order they were chosen; none: all of them. */
  sensors: readonly string[];
  sort: SortColumn;
  order: 'asc' | 'desc';
  filters: Filters;
  /** The features that are set against each other: across, and upwards. */
  scatter: { x: FeatureName; y: FeatureName };
  sensorList: SensorList;
  /** The id of the reading that is opened to be explained. */
  reading: string | null;
  /** The name of the model that is looked at; without it, the one in use. */
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
