import {
  anomalyRate,
  type Incident,
  type IncidentSort,
  type SensorSort,
  type SensorType,
} from '@sensor-sentinel/contracts';
import { defaultTimeRange, type TimeRangeName } from '../time/time-window.ts';
import { localZoneName } from '../time/zone.ts';

/** The pages in navigation order, named as in the URL. */
export const views = ['overview', 'sensors', 'alerts', 'rules', 'receivers', 'model', 'system'] as const;
export type View = (typeof views)[number];

interface ViewWords {
  title: string;
  /** The target of the skip link, in words. */
  content: string;
  /** Whether the page depends on the selected time window and sensors. */
  hasWindow: boolean;
}

export const viewWords: Readonly<Record<View, ViewWords>> = {
  overview: { title: 'Overview', content: 'the readings', hasWindow: true },
  sensors: { title: 'Sensors', content: 'the sensors', hasWindow: false },
  alerts: { title: 'Incidents', content: 'the incidents', hasWindow: true },
  rules: { title: 'Rules', content: 'the rules', hasWindow: true },
  receivers: { title: 'Receivers', content: 'the receivers', hasWindow: false },
  model: { title: 'Model', content: 'the model', hasWindow: true },
  system: { title: 'System', content: 'the system', hasWindow: false },
};

/**
 * The time mode. `live` is refreshed; `paused` keeps a window and counts the readings that arrive after `pausedAt`;
 * `historical` is a fixed window. All times are UTC, ISO 8601.
 */
export type TimeState =
  | { mode: 'live'; range: TimeRangeName }
  | { mode: 'paused'; range: TimeRangeName; from: string; to: string; pausedAt: string }
  | { mode: 'historical'; range: TimeRangeName; from: string; to: string };

export interface Filters {
  prediction?: 0 | 1;
  /** By the query parameter of `GET /readings`: `<feature>_min`, `<feature>_max`, `score_min` or `score_max`. */
  bounds: Readonly<Record<string, number>>;
}

/** The query parameters of `GET /readings` that limit values. */
export function toBoundNames({ features }: Pick<SensorType, 'features'>): string[] {
  return [...features.map(({ name }) => name), 'score'].flatMap((name) => [`${name}_min`, `${name}_max`]);
}

export function hasFilters({ prediction, bounds }: Filters): boolean {
  return prediction !== undefined || Object.keys(bounds).length > 0;
}

/** Search and order of the sensors page; named like the query parameters of `GET /sensors`. */
export interface SensorList {
  search: string;
  sort: SensorSort;
  order: 'asc' | 'desc';
  /** `anomaly_rate`, or the name of a feature. */
  sparkline: string;
}

/** Filters and order of the incidents page; named like the query parameters of `GET /incidents`. */
export interface IncidentList {
  sort: IncidentSort;
  order: 'asc' | 'desc';
  /** Null: all. */
  state: Incident['state'] | null;
  rule: string | null;
  /** Whether the short ones are shown too. */
  hasShort: boolean;
}

export interface UrlState {
  view: View;
  time: TimeState;
  /** The time zone of displayed times: `local`, or an IANA name. */
  zone: string;
  /** The sensor type that is shown; undefined: the default type. */
  type: string | undefined;
  /** In the order of selection; empty: all sensors. */
  sensors: readonly string[];
  /** `timestamp`, `prediction`, `score`, or the name of a feature. */
  sort: string;
  order: 'asc' | 'desc';
  filters: Filters;
  /** The features on the axes of the scatter plot; null: see `toScatterAxes`. */
  scatter: { x: string | null; y: string | null };
  /** The features that have cards and charts; empty: the first ones of the type. */
  features: readonly string[];
  sensorList: SensorList;
  incidentList: IncidentList;
  /** The id of the reading whose explanation is open. */
  reading: string | null;
  /** The id of the incident whose details are open. */
  incident: string | null;
  /** The name of the rule that is open in the editor; null: none. */
  rule: string | null;
  /** Whether the editor is open for a rule that does not exist yet. */
  newRule: boolean;
  /** The name of the shown model; null: the one in use. */
  model: string | null;
}

/** What a link to another page closes. */
export const nothingOpen = {
  reading: null,
  incident: null,
  rule: null,
  newRule: false,
  model: null,
} as const;

export const defaultUrlState: UrlState = {
  view: 'overview',
  time: { mode: 'live', range: defaultTimeRange },
  zone: localZoneName,
  type: undefined,
  sensors: [],
  sort: 'timestamp',
  order: 'desc',
  filters: { bounds: {} },
  scatter: { x: null, y: null },
  features: [],
  sensorList: { search: '', sort: 'name', order: 'asc', sparkline: anomalyRate },
  incidentList: { sort: 'opened', order: 'desc', state: null, rule: null, hasShort: false },
  ...nothingOpen,
};

/** Shows another type. Keeps nothing that belongs to the features or the sensors of the type before. */
export function withType(state: UrlState, type: string | undefined): UrlState {
  const { view, time, zone, sort, order, filters } = state;
  const bounds = Object.entries(filters.bounds).filter(([name]) => /^score_(min|max)$/.test(name));
  const isKept = ['timestamp', 'prediction', 'score'].includes(sort);
  const { search, sparkline } = defaultUrlState.sensorList;
  return {
    ...{ ...defaultUrlState, view, time, zone, type },
    ...(isKept && { sort, order }),
    filters: { ...filters, bounds: Object.fromEntries(bounds) },
    sensorList: { ...state.sensorList, search, sparkline },
    incidentList: { ...state.incidentList, rule: null },
  };
}
