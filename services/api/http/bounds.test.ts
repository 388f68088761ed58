import { batchAnswerSchema, problemSchema } from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { encodeCursor } from '../storage/cursor.ts';
import { createTestDatabase, type TestDatabase } from '../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../testing/start-test-api.ts';

const reading = { temperature: 24, humidity: 51, sound_volume: 60 };

let database: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  api = await startTestApi({ databaseUrl: database.url });
  await api.post([reading, reading, { ...reading, sensor_id: 'other' }]);
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

async function getProblem(path: string) {
  const answer = await api.get(path);
  expect([path, answer.status]).toEqual([path, 400]);
  return problemSchema.parse(await answer.json());
}

describe('an invalid cursor', () => {
  const impossible = [
    '2026-02-30 00:00:00.000',
    '2026-13-01 00:00:00.000',
    '2026-01-01 25:00:00.000',
    '2026-01-01 00:61:00.000',
    '0000-00-00 00:00:00.000',
    '2026-01-01',
    'x',
    null,
    1,
  ];
  const places = [
    ...impossible.flatMap((timestamp) => [
      ['/readings?sort=timestamp&order=desc', ['timestamp', 'desc', [timestamp], 1]],
      ['/readings?sort=prediction&order=asc', ['prediction', 'asc', [1, timestamp], 1]],
      ['/alerts/episodes?limit=1', [timestamp, 1]],
      ['/sensors?sort=last_seen&order=desc', ['last_seen', 'desc', timestamp, 'default']],
    ]),
    ...[-1, 1.5, 1e300, '1', null, {}].flatMap((seq) => [
      ['/readings?sort=timestamp&order=desc', ['timestamp', 'desc', ['2026-01-01 00:00:00.000'], seq]],
      ['/readings?sort=score&order=desc', ['score', 'desc', [0.5], seq]],
      ['/alerts/episodes?limit=1', ['2026-01-01 00:00:00.000', seq]],
    ]),
    ...['', ' ', 'a\u0000b', 'x'.repeat(65), 1, null].map((name) => [
      '/sensors?sort=name&order=asc',
      ['name', 'asc', '', name],
    ]),
    ...[5, -1, '0', null].map((state) => [
      '/sensors?sort=state&order=asc',
      ['state', 'asc', state, 'default'],
    ]),
    ...['timestamp', {}, [], null].map((place) => ['/readings?sort=timestamp', place]),
  ] as [string, unknown][];

  test.each(places)('on %s is rejected with 400: %j', async (path, place) => {
    const { errors } = await getProblem(`${path}&cursor=${encodeCursor(place)}`);
    expect(errors).toMatchObject([{ path: 'cursor' }]);
  });
});

describe('a number in a query', () => {
  test.each(['0x10', '0b1', '0o7', '1_0', '', ' ', 'Infinity', 'NaN', '1e', '--1', '1.2.3', '١'])(
    'rejects %j',
    async (text) => {
      const { errors } = await getProblem(`/readings?limit=${encodeURIComponent(text)}`);
      expect(errors).toMatchObject([{ path: 'limit' }]);
      await getProblem(`/series?points=${encodeURIComponent(text)}`);
      await getProblem(`/predict?temperature=${encodeURIComponent(text)}&humidity=50&sound_volume=60`);
    },
  );

  test.each(['24.1', '-3', '+3', '.5', '5.', '1e2', '2E+1'])('accepts %s', async (text) => {
    const query = `temperature=${encodeURIComponent(text)}&humidity=50&sound_volume=60`;
    expect((await api.get(`/predict?${query}`)).status).toBe(200);
  });
});

describe('an unknown parameter', () => {
  test.each(['x', 'constructor', '__proto__', 'toString', 'hasOwnProperty'])(
    '%s is rejected by name',
    async (name) => {
      const routes = [
        '/readings',
        '/stats',
        '/series',
        '/sensors',
        '/ledger',
        '/alerts/episodes',
        '/predict',
        '/stream',
      ];
      for (const path of routes) {
        const { errors } = await getProblem(`${path}?${name}=1`);
        expect([path, errors]).toEqual([
          path,
          expect.arrayContaining([{ path: name, message: 'unknown field' }]),
        ]);
      }
    },
  );
});

describe('the errors of a response', () => {
  const unknownKeys = Object.fromEntries(Array.from({ length: 50_000 }, (_, n) => [`unknown_${n}`, 1]));

  test.each([
    ['a reading', reading],
    ['an array', [{ ...reading, ...unknownKeys }]],
  ])('has at most 20 entries for %s with a megabyte of unknown fields', async (_what, start) => {
    const body = Array.isArray(start) ? start : { ...start, ...unknownKeys };
    const answer = await api.post(body);
    const text = await answer.text();
    const { errors } = problemSchema.parse(JSON.parse(text));
    expect(errors).toHaveLength(20);
    expect(errors.at(-1)?.message).toMatch(/^and \d+ more errors$/);
    expect(text.length).toBeLessThan(5000);
  });

  test('cuts a field name of a megabyte', async () => {
    const text = await (await api.post({ ...reading, ['x'.repeat(900_000)]: 1 })).text();
    expect(text.length).toBeLessThan(2000);
    const message = 'unknown field: the type climate has temperature, humidity, sound_volume';
    expect(problemSchema.parse(JSON.parse(text)).errors).toMatchObject([{ message }]);
  });

  test('lists 20 errors for an array without a valid row, otherwise at least one per invalid row', async () => {
    const invalid = Array.from({ length: 999 }, () => ({ a: 1, b: 2, c: 3 }));
    const problem = problemSchema.parse(await (await api.post(invalid)).json());
    expect(problem.errors).toHaveLength(20);
    const { rejected } = batchAnswerSchema.parse(await (await api.post([...invalid, reading])).json());
    expect(rejected).toHaveLength(999);
    expect(rejected.flatMap(({ errors }) => errors).length).toBeLessThanOrEqual(999 + 20);
    expect(rejected.every(({ errors }) => errors.length > 0)).toBe(true);
  });

  test.each(['/feedback', '/replays/x/lease', '/replays/x/ack'])(
    'has at most 20 entries for POST %s',
    async (path) => {
      const answer = await fetch(`${api.url}${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(unknownKeys),
      });
      expect(answer.status).toBe(400);
      expect(problemSchema.parse(await answer.json()).errors.length).toBeLessThanOrEqual(20);
    },
  );
});
