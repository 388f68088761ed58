import {
  anomalyRate,
  idSchema,
  incidentSorts,
  incidentStateSchema,
  maxSensorsPerQuery,
  modelNameSchema,
  nameSchema,
  numberFromQuery,
  sensorIdSchema,
  sensorSorts,
  type TypeAnswer,
  timestampSchema,
  toSortColumns,
  typeNameSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { timeRanges } from '../time/time-window.ts';
import { isZoneName } from '../time/zone.ts';
import {
  defaultUrlState,
  type Filters,
  type IncidentList,
  type TimeState,
  toBoundNames,
  type UrlState,
  views,
} from './url-state.ts';

interface ParsedUrlState {
  state: UrlState;
  /** The invalid parameters, as text for the user; defaults are used instead. */
  problems: string[];
}

interface Known {
  /** The time zone to use if the URL has none. */
  zone?: string | undefined;
  /** All sensor types; null until they are loaded. */
  types?: readonly TypeAnswer[] | null;
}

/** Old links to pages that are now part of another one. */
const formerViews = ['replays', 'ledger'];

const schemas = {
  view: z.enum(views).or(z.enum(formerViews).transform(() => 'system' as const)),
  mode: z.enum(['live', 'paused', 'historical']),
  range: z.enum(timeRanges.map(({ name }) => name)),
  zone: z.string().refine(isZoneName),
  order: z.enum(['asc', 'desc']),
  prediction: z.enum(['0', '1']).transform((text) => (text === '1' ? 1 : 0)),
  newRule: z.literal('true').transform(() => true),
  sensorSearch: z.string().max(64),
  sensorSort: z.enum(sensorSorts),
  incidentSort: z.enum(incidentSorts),
  shortIncidents: z.literal('show'),
};

/** Reads what `formatUrlState` writes, and what links of earlier versions hold. */
export function parseUrlState(queryString: string, { zone, types = null }: Known = {}): ParsedUrlState {
  const search = new URLSearchParams(queryString);
  const reader = createReader(search);
  const { read } = reader;
  const typeName = readType(reader, types);
  const type = findType(types, typeName);
  const ofType = createTypeSchemas(type);
  const isBound = (name: string) => /._(min|max)$/.test(name);
  const boundNames = type === null ? [...new Set(search.keys())].filter(isBound) : toBoundNames(type);
  const byDefault = defaultUrlState;
  const state: UrlState = {
    view: read('view', schemas.view) ?? byDefault.view,
    time: readTime(reader),
    zone: read('zone', schemas.zone) ?? zone ?? byDefault.zone,
    type: typeName,
    sensors: readSensors(reader),
    sort: read('sort', ofType.sort) ?? byDefault.sort,
    order: read('order', schemas.order) ?? byDefault.order,
    filters: readFilters(reader, boundNames),
    scatter: {
      x: read('scatter_x', ofType.feature) ?? byDefault.scatter.x,
      y: read('scatter_y', ofType.feature) ?? byDefault.scatter.y,
    },
    features: [...new Set(reader.readAll('feature', ofType.feature))],
    sensorList: {
      search: read('sensor_search', schemas.sensorSearch) ?? byDefault.sensorList.search,
      sort: read('sensor_sort', schemas.sensorSort) ?? byDefault.sensorList.sort,
      order: read('sensor_order', schemas.order) ?? byDefault.sensorList.order,
      sparkline: read('sparkline', ofType.sparkline) ?? byDefault.sensorList.sparkline,
    },
    incidentList: readIncidentList(reader),
    reading: read('reading', idSchema) ?? byDefault.reading,
    incident: read('incident', idSchema) ?? byDefault.incident,
    rule: read('rule', nameSchema) ?? byDefault.rule,
    newRule: read('new_rule', schemas.newRule) ?? byDefault.newRule,
    model: read('model', modelNameSchema) ?? byDefault.model,
  };
  return { state, problems: reader.problems };
}

/** A query string without `?`. Omits defaults, except for the time and the time zone. */
export function formatUrlState(state: UrlState): string {
  const { time, scatter, sensorList, incidentList, filters } = state;
  const byDefault = defaultUrlState;
  const search = new URLSearchParams({ mode: time.mode, range: time.range });
  const add = (name: string, value: string | null | undefined, omitted?: string) => {
    if (value != null && value !== omitted) search.append(name, value);
  };
  if (time.mode !== 'live') for (const name of ['from', 'to'] as const) add(name, time[name]);
  if (time.mode === 'paused') add('paused_at', time.pausedAt);
  add('zone', state.zone);
  add('type', state.type);
  for (const sensor of state.sensors) add('sensor', sensor);
  add('sort', state.sort, byDefault.sort);
  add('order', state.order, byDefault.order);
  for (const [name, value] of Object.entries(filters.bounds)) add(name, String(value));
  add('prediction', filters.prediction?.toString());
  add('view', state.view, byDefault.view);
  add('scatter_x', scatter.x);
  add('scatter_y', scatter.y);
  for (const feature of state.features) add('feature', feature);
  add('sensor_search', sensorList.search, byDefault.sensorList.search);
  add('sensor_sort', sensorList.sort, byDefault.sensorList.sort);
  add('sensor_order', sensorList.order, byDefault.sensorList.order);
  add('sparkline', sensorList.sparkline, byDefault.sensorList.sparkline);
  add('incident_sort', incidentList.sort, byDefault.incidentList.sort);
  add('incident_order', incidentList.order, byDefault.incidentList.order);
  add('incident_state', incidentList.state);
  add('incident_rule', incidentList.rule);
  if (incidentList.hasShort) add('short_incidents', 'show');
  add('reading', state.reading);
  add('incident', state.incident);
  add('rule', state.rule);
  if (state.newRule) add('new_rule', 'true');
  add('model', state.model);
  return search.toString().replaceAll('%3A', ':').replaceAll('%2F', '/');
}

/** The type that a URL names, or else the default type; null until the types are loaded. */
export function findType(types: readonly TypeAnswer[] | null, name: string | undefined): TypeAnswer | null {
  const known = types ?? [];
  return known.find((type) => type.name === name) ?? known.find(({ is_default }) => is_default) ?? null;
}

type Reader = ReturnType<typeof createReader>;

/** Reads parameters by schemas, and lists those that are invalid. */
function createReader(search: URLSearchParams) {
  const problems: string[] = [];
  function readAll<Value>(name: string, schema: z.ZodType<Value>, texts = search.getAll(name)): Value[] {
    return texts.flatMap((text) => {
      const parsed = schema.safeParse(text);
      if (parsed.success) return [parsed.data];
      problems.push(`${name}=${text.length > 40 ? `${text.slice(0, 40)}…` : text}`);
      return [];
    });
  }
  function read<Value>(name: string, schema: z.ZodType<Value>): Value | undefined {
    return readAll(name, schema, search.getAll(name).slice(0, 1))[0];
  }
  return { read, readAll, problems };
}

function readTime({ read, problems }: Reader): TimeState {
  const mode = read('mode', schemas.mode) ?? defaultUrlState.time.mode;
  const range = read('range', schemas.range) ?? defaultUrlState.time.range;
  if (mode === 'live') return { mode, range };
  const from = read('from', timestampSchema);
  const to = read('to', timestampSchema);
  if (from === undefined || to === undefined || from >= to) {
    problems.push(`mode=${mode} (needs a start before its end)`);
    return { mode: 'live', range };
  }
  if (mode === 'historical') return { mode, range, from, to };
  return { mode, range, from, to, pausedAt: read('paused_at', timestampSchema) ?? to };
}

function readType({ read, problems }: Reader, types: readonly TypeAnswer[] | null): string | undefined {
  const name = read('type', typeNameSchema);
  if (types === null || name === undefined) return name;
  const type = types.find((known) => known.name === name);
  if (type === undefined) problems.push(`type=${name}`);
  return type?.is_default === false ? name : undefined;
}

function readSensors({ readAll, problems }: Reader): string[] {
  const sensors = [...new Set(readAll('sensor', sensorIdSchema))];
  if (sensors.length > maxSensorsPerQuery) problems.push(`more than ${maxSensorsPerQuery} sensors`);
  return sensors.slice(0, maxSensorsPerQuery);
}

function readFilters({ read }: Reader, boundNames: readonly string[]): Filters {
  const bounds = boundNames.flatMap((name) => {
    const value = read(name, numberFromQuery);
    return value === undefined ? [] : [[name, value] as const];
  });
  const prediction = read('prediction', schemas.prediction);
  return { ...(prediction !== undefined && { prediction }), bounds: Object.fromEntries(bounds) };
}

function readIncidentList({ read }: Reader): IncidentList {
  const byDefault = defaultUrlState.incidentList;
  return {
    sort: read('incident_sort', schemas.incidentSort) ?? byDefault.sort,
    order: read('incident_order', schemas.order) ?? byDefault.order,
    state: read('incident_state', incidentStateSchema) ?? byDefault.state,
    rule: read('incident_rule', nameSchema) ?? byDefault.rule,
    hasShort: read('short_incidents', schemas.shortIncidents) === 'show',
  };
}

/** The schemas of parameters that depend on the sensor type. Until it is known, every name is accepted. */
function createTypeSchemas(type: TypeAnswer | null) {
  const name = z.string().min(1).max(64);
  if (type === null) return { sort: name, feature: name, sparkline: name };
  const names = type.features.map((feature) => feature.name);
  return {
    sort: z.enum(toSortColumns(type)),
    feature: z.enum(names),
    sparkline: z.enum([anomalyRate, ...names]),
  };
}
