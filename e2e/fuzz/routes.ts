import * as contracts from '@sensor-sentinel/contracts';
import type { z } from 'zod';
import type { BodyKind } from './bodies.ts';
import { type Choices, long, objectNames, words } from './choices.ts';
import { sharedIds } from './readings.ts';

/** Percent-encoded values of a query parameter, or of a variable of a path. */
type Parameter = Choices & { isRepeatable?: boolean };

export interface Route {
  method: 'GET' | 'POST' | 'DELETE';
  /** With names of `pathParameters` where a value is drawn. */
  path: string;
  /** How often it is drawn, beside the others. */
  weight: number;
  parameters: Readonly<Record<string, Parameter>>;
  required?: readonly string[];
  /** Whether it refuses parameters that it does not know. */
  isStrict: boolean;
  body?: BodyKind;
  /** Statuses with which a valid request may be refused. */
  refusals: readonly number[];
  /** Of the answer 200. */
  schema?: z.ZodType;
}

const notNumbers = [
  '',
  long(2000),
  ...words`%20 0x10 0b1 1_0 1%2C5 NaN Infinity null true %00 %FF ten 1%202 %zz
  % 1n --1 1e 9e999 %EF%BC%91`,
];
const brokenText = words`%FF %zz % %C0%80 %ED%A0%80`;
const unknownId = '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001';
const notIds = [...words`1 %00 %FF null __proto__`, unknownId.slice(1), unknownId.replace('4', 'g')];

const count = (min: number, max: number): Parameter => ({
  valid: [min, max, Math.floor((min + max) / 2)].map(String),
  odd: words`1e1 1e3 %2B10 10.0 0010 %2010%20 -0 1%00`,
  invalid: [...notNumbers, ...words`-1 9e99 1.5 99999999999999999999 9007199254740993`, String(max + 1)],
});
const number = (...valid: string[]): Parameter => ({
  valid,
  odd: words`-1 1e3 9e99 -9e99 1e-320 %2B1 .5 5. %201 00.5`,
  invalid: notNumbers,
});
/** A feature of `GET /predict`, which has limits. */
const feature = (...valid: string[]): Parameter => ({
  valid,
  odd: words`1e1 %2B1 .5 %201`,
  invalid: [...notNumbers, ...words`-9e99 9e99 1001 -273.16`],
});
const time = (...valid: string[]): Parameter => ({
  valid,
  odd: words`2026-01-01T24:00:00Z 2026-01-01t00:00:00z 2026-06-30T23:59:60Z 2026-01-01T00:00:00.123456789Z`,
  invalid:
    words`now 0 1700000000 %00 %FF 2026-01-01 2026-02-31T00:00:00Z 2026-01-01T25:00:00Z 2026-01-01T00:00:00
    0000-01-01T00:00:00Z -000001-01-01T00:00:00Z %2B275760-09-13T00:00:00Z 1969-12-31T23:59:59Z 2026-13-01T00:00:00Z
    9999-12-31T23:59:59Z 2026-01-01T00:00:00%2B99:99 2026-01-01T00:00:61Z`.concat(''),
});
const choice = (...valid: string[]): Parameter => ({
  valid,
  invalid: ['', `${valid[0]}%20`, ...words`%20 other 1e0 %00 %FF true,false %zz`, ...objectNames],
});
const sensorId: Parameter = {
  valid: words`fuzz-1 fuzz-2 unknown %C3%B6fen a%E2%80%8Db '%20OR%201=1-- %25 _ %F0%9F%94%A5 %5C %60`,
  odd: brokenText,
  invalid: [
    '',
    long(65),
    ...words`%20 %00 a%0Ab %20a a%20 %7F %E2%80%AE %E2%80%8Da a%E2%80%8C a%C2%9Bb %ED%A0%80%00`,
  ],
};
const search: Parameter = {
  valid: ['', ...words`fuzz %25 _ %5C ' %F0%9F%94%A5 %20`],
  odd: ['%00', ...brokenText],
  invalid: [long(65)],
};

const encodeCursor = (place: unknown) => Buffer.from(JSON.stringify(place)).toString('base64url');
const toPlaces = (timestamp: string, seq: unknown): unknown[] => [
  ['timestamp', 'desc', [timestamp], seq],
  ['timestamp', 'asc', [timestamp], seq],
  ['prediction', 'desc', [1, timestamp], seq],
  [timestamp, seq],
  ['last_seen', 'asc', timestamp, 'fuzz-1'],
];
const midnight = (day: string) => `${day} 00:00:00.000`;
const cursor: Parameter = {
  odd: [
    ...words`0000-00-00 0000-01-01 0001-01-01 9999-12-31`.flatMap((day) => toPlaces(midnight(day), 1)),
    ...[0, 1, -1, 2 ** 53, -(2 ** 53), 1e300, 1.5].flatMap((seq) => toPlaces(midnight('2026-01-31'), seq)),
    ['temperature', 'desc', [1e308], 1],
    ['prediction', 'desc', [0.5, midnight('2026-01-31')], 1],
    ...['\0', '\ud800', "'", ''].map((name) => ['name', 'asc', '', name]),
    ['state', 'asc', 2, ''],
  ].map(encodeCursor),
  invalid: [
    ...words`2026-02-31 2026-13-01 2026-00-00 2025-02-29`.flatMap((day) => toPlaces(midnight(day), 1)),
    ...toPlaces('2026-01-01 24:00:00.000', 1),
    ...[null, 1, {}, [], [[]], 'x', [null, null], { length: 2 }, ['timestamp', 'desc', [{}], 1], long(600)],
    ['timestamp', 'desc', [midnight('2026-01-31')], '1'],
  ]
    .map(encodeCursor)
    .concat('', words`x %00 %FF %zz !!!! eyJ _15bXQ`),
};

const unknownNames = [
  '..%2F..%2Fetc%2Fpasswd',
  long(300),
  ...words`none __proto__ .. %2e%2e %00 %F0%9F%94%A5 a%E2%80%AEb`,
];
const brokenEscapes = words`% %zz %E0%A4%A %FF %C0%80 %ED%A0%80`;
export const pathParameters: Readonly<Record<string, Choices>> = {
  ':id': { valid: sharedIds, invalid: [...notIds, ...brokenEscapes] },
  ':replay': {
    valid: words`fuzz-1 fuzz-2 a.b_c~d@e-`,
    invalid: [long(65), ...words`%20 a%2Fb %00 %C3%B6 a+b %5C`, ...brokenEscapes],
  },
  ':version': { odd: ['1', '2fce4a24', ...unknownNames], invalid: brokenEscapes },
  ':model': {
    valid: words`gradient-boosting logistic-regression neural-network random-forest support-vector-machine`,
    odd: unknownNames,
    invalid: brokenEscapes,
  },
};

const sensorIds: Parameter = { ...sensorId, isRepeatable: true };
const window = {
  from: time('2020-01-01T00:00:00Z', '2025-06-01T12:00:00.123%2B02:00', '1970-01-01T00:00:00Z'),
  to: time('2026-01-01T00:00:00Z', '9998-12-31T23:59:59.999Z'),
  sensor_id: sensorIds,
};
const flag = choice('true', 'false');
const order = choice('asc', 'desc');
const bounds = ['temperature', 'humidity', 'sound_volume', 'score'].flatMap((name) => [
  [`${name}_min`, number('0', '-5', '20.5', '1000')],
  [`${name}_max`, number('0', '-5', '20.5', '1000')],
]);
const extras = { explain: flag, votes: flag };
const values = {
  temperature: feature('24', '-273.15', '1000', '1e1'),
  humidity: feature('51', '0', '100'),
  sound_volume: feature('60', '0', '200'),
};

type Rest = Partial<Omit<Route, 'path' | 'weight'>>;
const loose = (path: string, weight: number, rest: Rest = {}): Route => {
  return { method: 'GET', path, weight, parameters: {}, isStrict: false, refusals: [], ...rest };
};
const strict = (path: string, weight: number, rest: Rest = {}) =>
  loose(path, weight, { isStrict: true, ...rest });

const inference = ['/v2/models/:model', '/v2/models/:model/versions/:version'].flatMap((path) => [
  loose(path, 2, { refusals: [404] }),
  loose(`${path}/ready`, 2, { refusals: [404] }),
  loose(`${path}/infer`, 6, { method: 'POST', body: 'tensors', refusals: [404] }),
]);

/** `/truth` is the old name of `/feedback`. */
const feedback = ['/feedback', '/truth'].flatMap((path) => [
  loose(path, 4, { method: 'POST', body: 'feedback', refusals: [400] }),
  strict(path, 2, {
    parameters: { id: { valid: [unknownId, ...sharedIds], invalid: ['', ...notIds], isRepeatable: true } },
    required: ['id'],
    schema: contracts.feedbackListSchema,
  }),
  strict(`${path}/:id`, 2, {
    method: 'DELETE',
    parameters: { source: choice('label', 'person', 'verdict') },
  }),
]);

/** Everything that the API answers. */
export const routes: readonly Route[] = [
  strict('/predict', 60, { method: 'POST', body: 'reading', parameters: extras, refusals: [409] }),
  strict('/predict', 6, {
    parameters: { ...values, ...extras },
    required: Object.keys(values),
    schema: contracts.scoredAnswerSchema,
  }),
  strict('/readings', 14, {
    parameters: {
      ...window,
      ...Object.fromEntries(bounds),
      prediction: choice('0', '1'),
      sort: choice('timestamp', 'temperature', 'humidity', 'sound_volume', 'prediction', 'score'),
      ...{ order, limit: count(1, 500), cursor, format: { ...choice('json'), odd: ['csv'] } },
      excel: { odd: words`true false`, invalid: words`yes 1 TRUE` },
    },
    schema: contracts.readingsPageSchema,
  }),
  strict('/readings/:id', 6, { refusals: [404], schema: contracts.storedReadingSchema }),
  strict('/readings/:id/explanation', 4, { refusals: [404, 409] }),
  strict('/stats', 4, { parameters: window, schema: contracts.statsSchema }),
  strict('/distribution', 4, { parameters: window, schema: contracts.distributionSchema }),
  strict('/series', 4, {
    parameters: { ...window, points: count(10, 5000), by: choice('sensor') },
    schema: contracts.seriesSchema.or(contracts.seriesBySensorSchema),
  }),
  strict('/fleet', 4, {
    parameters: { ...window, buckets: count(10, 500) },
    schema: contracts.fleetSchema,
  }),
  strict('/accuracy', 4, { parameters: window, schema: contracts.accuracySchema }),
  loose('/alerts', 3, { schema: contracts.alertsSchema }),
  strict('/alerts/episodes', 8, {
    parameters: { ...window, limit: count(1, 200), cursor },
    schema: contracts.episodesPageSchema,
  }),
  strict('/incidents', 6, {
    parameters: { ...window, state: choice('firing', 'cleared'), limit: count(1, 200), cursor },
    schema: contracts.incidentsPageSchema,
  }),
  strict('/silences', 2, { schema: contracts.silencesSchema }),
  strict('/rules', 2, { schema: contracts.rulesAnswerSchema }),
  strict('/sensors', 8, {
    parameters: {
      ...{ search, sort: choice('name', 'last_seen', 'state'), order, limit: count(1, 200), cursor },
      sparkline: choice('anomaly_rate', 'temperature', 'humidity', 'sound_volume'),
    },
    schema: contracts.sensorsPageSchema,
  }),
  strict('/stream', 4, { parameters: { sensor_id: sensorIds } }),
  strict('/ledger', 4, {
    parameters: { sensor_id: sensorId, after: sensorId, limit: count(1, 1000) },
    schema: contracts.ledgerSchema,
  }),
  ...['/model', '/models'].map((path) => loose(path, 2)),
  strict('/models/:model/activate', 3, {
    method: 'POST',
    parameters: { dry_run: flag, last: count(0, 10_000), max_changed: number('0', '0.1', '1') },
    refusals: [404, 409],
  }),
  ...feedback,
  strict('/system', 2, { schema: contracts.systemSchema }),
  strict('/replays', 2, { schema: contracts.replaysSchema }),
  strict('/replays/:replay', 3, { refusals: [404] }),
  strict('/replays/:replay', 2, { method: 'DELETE', refusals: [404] }),
  strict('/replays/:replay/lease', 5, { method: 'POST', body: 'lease', refusals: [409] }),
  strict('/replays/:replay/ack', 5, { method: 'POST', body: 'ack', refusals: [400, 409] }),
  ...inference,
  ...['/v2', '/v2/health/live', '/v2/health/ready', '/livez', '/readyz'].map((path) => loose(path, 1)),
];
