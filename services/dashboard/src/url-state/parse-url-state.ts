import {
  idSchema,
  modelNameSchema,
  numberFromQuery,
  sensorIdSchema,
  sortColumns,
  timestampSchema,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { defaultTimeRange, timeRanges } from '../time/time-range.ts';
import {
  defaultUrlState,
  type Filters,
  modes,
  numberFilterNames,
  pageSizes,
  type TimeState,
  type UrlState,
  views,
} from './url-state.ts';

export interface ParsedUrlState {
  state: UrlState;
  /** What was not understood, in words for the viewer; the default stands in for it. */
  problems: string[];
}

type Read = <Value>(name: string, schema: z.ZodType<Value>) => Value | undefined;

const sortSchema = z.enum(sortColumns);
const orderSchema = z.enum(['asc', 'desc']);
const modeSchema = z.enum(modes);
const rangeSchema = z.enum(timeRanges.map(({ name }) => name));
const predictionSchema = z.enum(['0', '1']).transform((text) => (text === '1' ? 1 : 0));
const viewSchema = z.enum(views);
const sizeSchema = numberFromQuery.pipe(z.literal(pageSizes));

function createReader(search: URLSearchParams, problems: string[]): Read {
  return (name, schema) => {
    const text = search.get(name);
    if (text === null) return undefined;
    const parsed = schema.safeParse(text);
    if (parsed.success) return parsed.data;
    problems.push(`${name}=${text.length > 40 ? `${text.slice(0, 40)}…` : text}`);
    return undefined;
  };
}

function readTime(read: Read, problems: string[]): TimeState {
  const mode = read('mode', modeSchema) ?? 'live';
  const range = read('range', rangeSchema) ?? defaultTimeRange;
  if (mode === 'live') return { mode, range };
  const from = read('from', timestampSchema);
  const to = read('to', timestampSchema);
  if (from === undefined || to === undefined || from >= to) {
    problems.push(`mode=${mode} without a start before an end`);
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

export function parseUrlState(queryString: string): ParsedUrlState {
  const problems: string[] = [];
  const read = createReader(new URLSearchParams(queryString), problems);
  const state: UrlState = {
    view: read('view', viewSchema) ?? defaultUrlState.view,
    time: readTime(read, problems),
    sensor: read('sensor', sensorIdSchema) ?? defaultUrlState.sensor,
    sort: read('sort', sortSchema) ?? defaultUrlState.sort,
    order: read('order', orderSchema) ?? defaultUrlState.order,
    filters: readFilters(read),
    size: read('size', sizeSchema) ?? defaultUrlState.size,
    reading: read('reading', idSchema) ?? defaultUrlState.reading,
    model: read('model', modelNameSchema) ?? defaultUrlState.model,
  };
  return { state, problems };
}
