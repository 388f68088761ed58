import {
  anomalyRate,
  idSchema,
  maxSensorsPerQuery,
  modelNameSchema,
  numberFromQuery,
  sensorIdSchema,
  sensorSorts,
  type TypeAnswer,
  timestampSchema,
  toSortColumns,
  typeNameSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { defaultTimeRange, timeRanges } from '../time/time-range.ts';
import { isZoneName } from '../time/zone.ts';
import {
  defaultUrlState,
  type Filters,
  modes,
  type SensorList,
  type TimeState,
  toBoundNames,
  type UrlState,
} from './url-state.ts';
import { formerViews, views } from './views.ts';

export interface ParsedUrlState {
  state: UrlState;
  /** The invalid parameters, as text for the user; defaults are used instead. */
  problems: string[];
}

interface Read {
  <Value>(name: string, schema: z.ZodType<Value>): Value | undefined;
  all: <Value>(name: string, schema: z.ZodType<Value>) => Value[];
}

const sensorSortSchema = z.enum(sensorSorts);
const sensorSearchSchema = z.string().max(64);
const nameSchema = z.string().min(1).max(64);
const showsAllSchema = z.literal('all').transform(() => true);
const orderSchema = z.enum(['asc', 'desc']);
const modeSchema = z.enum(modes);
const rangeSchema = z.enum(timeRanges.map(({ name }) => name));
const predictionSchema = z.enum(['0', '1']).transform((text) => (text === '1' ? 1 : 0));
const zoneSchema = z.string().refine(isZoneName);
const viewSchema = z.enum(views).or(z.enum(formerViews).transform(() => 'system' as const));

function createReader(search: URLSearchParams, problems: string[]): Read {
  function parse<Value>(name: string, text: string, schema: z.ZodType<Value>): Value[] {
    const parsed = schema.safeParse(text);
    if (parsed.success) return [parsed.data];
    problems.push(`${name}=${text.length > 40 ? `${text.slice(0, 40)}…` : text}`);
    return [];
  }
  function read<Value>(name: string, schema: z.ZodType<Value>): Value | undefined {
    const text = search.get(name);
    return text === null ? undefined : parse(name, text, schema)[0];
  }
  const all = <Value>(name: string, schema: z.ZodType<Value>) =>
    search.getAll(name).flatMap((text) => parse(name, text, schema));
  return Object.assign(read, { all });
}

function readSensors(read: Read, problems: string[]): string[] {
  const sensors = [...new Set(read.all('sensor', sensorIdSchema))];
  if (sensors.length > maxSensorsPerQuery) problems.push(`more than ${maxSensorsPerQuery} sensors`);
  return sensors.slice(0, maxSensorsPerQuery);
}

function readTime(read: Read, problems: string[]): TimeState {
  const mode = read('mode', modeSchema) ?? 'live';
  const range = read('range', rangeSchema) ?? defaultTimeRange;
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

/** The schemas of parameters that depend on the sensor type. Until it is known, every name is accepted. */
function createTypeSchemas(type: TypeAnswer | null) {
  if (type === null) return { sort: nameSchema, feature: nameSchema, sparkline: nameSchema };
  const names = type.features.map(({ name }) => name);
  return {
    sort: z.enum(toSortColumns(type)),
    feature: z.enum(names),
    sparkline: z.enum([anomalyRate, ...names]),
  };
}

function readFilters(read: Read, boundNames: readonly string[]): Filters {
  const bounds = boundNames.flatMap((name) => {
    const value = read(name, numberFromQuery);
    return value === undefined ? [] : [[name, value] as const];
  });
  const prediction = read('prediction', predictionSchema);
  return { ...(prediction !== undefined && { prediction }), bounds: Object.fromEntries(bounds) };
}

function readSensorList(read: Read, sparklineSchema: z.ZodType<string>): SensorList {
  const { sensorList } = defaultUrlState;
  return {
    search: read('sensor_search', sensorSearchSchema) ?? sensorList.search,
    sort: read('sensor_sort', sensorSortSchema) ?? sensorList.sort,
    order: read('sensor_order', orderSchema) ?? sensorList.order,
    sparkline: read('sparkline', sparklineSchema) ?? sensorList.sparkline,
  };
}

interface Known {
  /** The time zone to use if the URL has none. */
  zone?: string;
  /** All sensor types; null until they are loaded. */
  types?: readonly TypeAnswer[] | null;
}

/** The type that a URL names, or else the default type; null until the types are loaded. */
export function findType(types: readonly TypeAnswer[] | null, name: string | undefined): TypeAnswer | null {
  const known = types ?? [];
  return known.find((type) => type.name === name) ?? known.find(({ is_default }) => is_default) ?? null;
}

function readType(
  { read, problems }: { read: Read; problems: string[] },
  types: readonly TypeAnswer[] | null,
): string | undefined {
  const name = read('type', typeNameSchema);
  if (types === null || name === undefined) return name;
  const type = types.find((known) => known.name === name);
  if (type === undefined) problems.push(`type=${name}`);
  return type?.is_default === false ? name : undefined;
}

export function parseUrlState(queryString: string, { zone, types = null }: Known = {}): ParsedUrlState {
  const problems: string[] = [];
  const search = new URLSearchParams(queryString);
  const read = createReader(search, problems);
  const typeName = readType({ read, problems }, types);
  const type = findType(types, typeName);
  const schemas = createTypeSchemas(type);
  const isBound = (name: string) => /._(min|max)$/.test(name);
  const boundNames = type === null ? [...new Set(search.keys())].filter(isBound) : toBoundNames(type);
  const state: UrlState = {
    view: read('view', viewSchema) ?? defaultUrlState.view,
    time: readTime(read, problems),
    zone: read('zone', zoneSchema) ?? zone ?? defaultUrlState.zone,
    type: typeName,
    sensors: readSensors(read, problems),
    sort: read('sort', schemas.sort) ?? defaultUrlState.sort,
    order: read('order', orderSchema) ?? defaultUrlState.order,
    filters: readFilters(read, boundNames),
    scatter: {
      x: read('scatter_x', schemas.feature) ?? defaultUrlState.scatter.x,
      y: read('scatter_y', schemas.feature) ?? defaultUrlState.scatter.y,
    },
    showsAllFeatures: read('features', showsAllSchema) ?? defaultUrlState.showsAllFeatures,
    sensorList: readSensorList(read, schemas.sparkline),
    reading: read('reading', idSchema) ?? defaultUrlState.reading,
    incident: read('incident', idSchema) ?? defaultUrlState.incident,
    model: read('model', modelNameSchema) ?? defaultUrlState.model,
  };
  return { state, problems };
}
