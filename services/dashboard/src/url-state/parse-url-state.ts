import {
  featureNames,
  idSchema,
  maxSensorsPerQuery,
  modelNameSchema,
  numberFromQuery,
  sensorIdSchema,
  sensorSorts,
  sortColumns,
  sparklineSubjectSchema,
  timestampSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { defaultTimeRange, timeRanges } from '../time/time-range.ts';
import { isZoneName } from '../time/zone.ts';
import { views } from '../views.ts';
import {
  defaultUrlState,
  type Filters,
  modes,
  numberFilterNames,
  type SensorList,
  type TimeState,
  type UrlState,
} from './url-state.ts';

export interface ParsedUrlState {
  state: UrlState;
  /** The invalid parameters, as text for the user; defaults are used instead. */
  problems: string[];
}

interface Read {
  <Value>(name: string, schema: z.ZodType<Value>): Value | undefined;
  all: <Value>(name: string, schema: z.ZodType<Value>) => Value[];
}

const sortSchema = z.enum(sortColumns);
const sensorSortSchema = z.enum(sensorSorts);
const sensorSearchSchema = z.string().max(64);
const featureSchema = z.enum(featureNames);
const orderSchema = z.enum(['asc', 'desc']);
const modeSchema = z.enum(modes);
const rangeSchema = z.enum(timeRanges.map(({ name }) => name));
const predictionSchema = z.enum(['0', '1']).transform((text) => (text === '1' ? 1 : 0));
const zoneSchema = z.string().refine(isZoneName);
const viewSchema = z.enum(views);

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

function readFilters(read: Read): Filters {
  const filters: Filters = {};
  for (const name of numberFilterNames) {
    const value = read(name, numberFromQuery);
    if (value !== undefined) filters[name] = value;
  }
  const prediction = read('prediction', predictionSchema);
  if (prediction !== undefined) filters.prediction = prediction;
  return filters;
}

function readSensorList(read: Read): SensorList {
  const { sensorList } = defaultUrlState;
  return {
    search: read('sensor_search', sensorSearchSchema) ?? sensorList.search,
    sort: read('sensor_sort', sensorSortSchema) ?? sensorList.sort,
    order: read('sensor_order', orderSchema) ?? sensorList.order,
    sparkline: read('sparkline', sparklineSubjectSchema) ?? sensorList.sparkline,
  };
}

/** `zone` is the time zone to use if the URL has none. */
export function parseUrlState(queryString: string, zone: string = defaultUrlState.zone): ParsedUrlState {
  const problems: string[] = [];
  const read = createReader(new URLSearchParams(queryString), problems);
  const state: UrlState = {
    view: read('view', viewSchema) ?? defaultUrlState.view,
    time: readTime(read, problems),
    zone: read('zone', zoneSchema) ?? zone,
    sensors: readSensors(read, problems),
    sort: read('sort', sortSchema) ?? defaultUrlState.sort,
    order: read('order', orderSchema) ?? defaultUrlState.order,
    filters: readFilters(read),
    scatter: {
      x: read('scatter_x', featureSchema) ?? defaultUrlState.scatter.x,
      y: read('scatter_y', featureSchema) ?? defaultUrlState.scatter.y,
    },
    sensorList: readSensorList(read),
    reading: read('reading', idSchema) ?? defaultUrlState.reading,
    model: read('model', modelNameSchema) ?? defaultUrlState.model,
  };
  return { state, problems };
}
