import {
  accuracySchema,
  alertsSchema,
  distributionSchema,
  episodesPageSchema,
  ledgerSchema,
  readingsPageSchema,
  replaysSchema,
  scoredAnswerSchema,
  sensorsPageSchema,
  seriesSchema,
  statsSchema,
  storedReadingSchema,
  truthsSchema,
} from '@sensor-sentinel/contracts';
import type { z } from 'zod';
import * as kinds from './parameters.ts';

export type BodyKind = 'reading' | 'truth' | 'lease' | 'ack' | 'tensors';

export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  /** With `:id`, `:model`, `:version` or `:replay` where a value is drawn. */
  path: string;
  /** How often it is drawn, beside the others. */
  weight: number;
  parameters: Readonly<Record<string, kinds.Parameter>>;
  /** Those that the route cannot do without. */
  required?: readonly string[];
  /** Whether it refuses parameters that it does not know. */
  isStrict: boolean;
  body?: BodyKind;
  /** Statuses with which a valid request may be refused. */
  refusals: readonly number[];
  /** Of the answer 200. */
  schema?: z.ZodType;
}

const window = {
  from: kinds.time('2020-01-01T00:00:00Z', '2025-06-01T12:00:00.123%2B02:00', '1970-01-01T00:00:00Z'),
  to: kinds.time('2026-01-01T00:00:00Z', '9998-12-31T23:59:59.999Z'),
  sensor_id: kinds.sensorIds,
};
const flag = kinds.choice('true', 'false');
const order = kinds.choice('asc', 'desc');
const bound = kinds.number('0', '-5', '20.5', '1000');
const extras = { explain: flag, votes: flag };
const values = {
  temperature: kinds.feature('24', '-273.15', '1000', '1e1'),
  humidity: kinds.feature('51', '0', '100'),
  sound_volume: kinds.feature('60', '0', '200'),
};

function get(path: string, weight: number, rest: Partial<Route> = {}): Route {
  return { method: 'GET', path, weight, parameters: {}, isStrict: false, refusals: [], ...rest };
}

function strict(path: string, weight: number, rest: Partial<Route> = {}): Route {
  return get(path, weight, { isStrict: true, ...rest });
}

function post(path: string, weight: number, rest: Partial<Route> & { body?: BodyKind }): Route {
  return get(path, weight, { ...rest, method: 'POST' });
}

const inference: Route[] = ['/v2/models/:model', '/v2/models/:model/versions/:version'].flatMap((path) => [
  get(path, 2, { refusals: [404] }),
  get(`${path}/ready`, 2, { refusals: [404] }),
  post(`${path}/infer`, 6, { body: 'tensors', refusals: [404] }),
]);

/** Everything that the API answers. */
export const routes: readonly [Route, ...Route[]] = [
  post('/predict', 60, { body: 'reading', isStrict: true, parameters: extras, refusals: [409] }),
  strict('/predict', 6, {
    parameters: { ...values, ...extras },
    required: Object.keys(values),
    schema: scoredAnswerSchema,
  }),
  strict('/readings', 14, {
    parameters: {
      ...window,
      prediction: kinds.choice('0', '1'),
      ...{ temperature_min: bound, temperature_max: bound, humidity_min: bound, humidity_max: bound },
      ...{ sound_volume_min: bound, sound_volume_max: bound, score_min: bound, score_max: bound },
      sort: kinds.choice('timestamp', 'temperature', 'humidity', 'sound_volume', 'prediction', 'score'),
      order,
      limit: kinds.count(1, 500),
      cursor: kinds.cursor,
      format: { ...kinds.choice('json'), odd: ['csv'] },
    },
    schema: readingsPageSchema,
  }),
  strict('/readings/:id', 6, { refusals: [404], schema: storedReadingSchema }),
  strict('/readings/:id/explanation', 4, { refusals: [404, 409] }),
  strict('/stats', 4, { parameters: window, schema: statsSchema }),
  strict('/distribution', 4, { parameters: window, schema: distributionSchema }),
  strict('/series', 4, { parameters: { ...window, points: kinds.count(10, 5000) }, schema: seriesSchema }),
  strict('/accuracy', 4, { parameters: window, schema: accuracySchema }),
  get('/alerts', 3, { schema: alertsSchema }),
  strict('/alerts/episodes', 8, {
    parameters: { ...window, limit: kinds.count(1, 200), cursor: kinds.cursor },
    schema: episodesPageSchema,
  }),
  strict('/sensors', 8, {
    parameters: {
      search: kinds.search,
      sort: kinds.choice('name', 'last_seen', 'state'),
      order,
      sparkline: kinds.choice('anomaly_rate', 'temperature', 'humidity', 'sound_volume'),
      limit: kinds.count(1, 200),
      cursor: kinds.cursor,
    },
    schema: sensorsPageSchema,
  }),
  strict('/stream', 4, { parameters: { sensor_id: kinds.sensorIds } }),
  strict('/ledger', 4, {
    parameters: { sensor_id: kinds.sensorId, after: kinds.sensorId, limit: kinds.count(1, 1000) },
    schema: ledgerSchema,
  }),
  get('/model', 2),
  get('/models', 2),
  post('/models/:model/activate', 3, {
    isStrict: true,
    parameters: { dry_run: flag, last: kinds.count(0, 10_000), max_changed: kinds.number('0', '0.1', '1') },
    refusals: [404, 409],
  }),
  post('/truth', 8, { body: 'truth', refusals: [400] }),
  strict('/truth', 4, { parameters: { id: kinds.ids }, required: ['id'], schema: truthsSchema }),
  strict('/truth/:id', 4, { method: 'DELETE', parameters: { source: kinds.choice('label', 'verdict') } }),
  strict('/replays', 2, { schema: replaysSchema }),
  strict('/replays/:replay', 3, { refusals: [404] }),
  strict('/replays/:replay', 2, { method: 'DELETE', refusals: [404] }),
  post('/replays/:replay/lease', 5, { body: 'lease', isStrict: true, refusals: [409] }),
  post('/replays/:replay/ack', 5, { body: 'ack', isStrict: true, refusals: [400, 409] }),
  ...['/v2', '/v2/health/live', '/v2/health/ready'].map((path) => get(path, 1)),
  ...inference,
  get('/livez', 1),
  get('/readyz', 1),
];
