import {
  problemSchema,
  readingsPageSchema,
  statsSchema,
  typeAnswerSchema,
  typesSchema,
} from '@sensor-sentinel/contracts';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

let database: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  api = await startTestApi({ databaseUrl: database.url });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

function send(method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${api.url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function errorsOf(answer: Response) {
  return problemSchema.parse(await answer.json()).errors;
}

const pump = {
  name: 'pump',
  features: [
    { name: 'pressure', unit: 'bar', min: 0 },
    { name: 'flow', title: 'Flow rate', unit: 'l/min', decimals: 1 },
  ],
};

describe('POST /types', () => {
  test('adds a type, which a retry does not add again', async () => {
    const answers = [await send('POST', '/types', pump), await send('POST', '/types', pump)];
    expect(answers.map(({ status }) => status)).toEqual([201, 200]);
    const [first, second] = await Promise.all(
      answers.map(async (answer) => typeAnswerSchema.parse(await answer.json())),
    );
    expect(first).toEqual({
      name: 'pump',
      features: [
        { name: 'pressure', title: 'pressure', unit: 'bar', min: 0, max: null, decimals: null },
        { name: 'flow', title: 'Flow rate', unit: 'l/min', min: null, max: null, decimals: 1 },
      ],
      is_default: false,
      model: null,
    });
    expect(second).toEqual(first);
  });

  test('refuses other features under the same name', async () => {
    const answer = await send('POST', '/types', { name: 'pump', features: [{ name: 'rpm' }] });
    expect(answer.status).toBe(409);
    expect(problemSchema.parse(await answer.json()).detail).toContain('pressure, flow');
  });
});

describe('readings of a type without a model', () => {
  const at = (second: number) => `2026-03-01T10:00:0${second}.000Z`;

  test('are stored without a prediction, and the answer says what to do', async () => {
    const answer = await api.post({
      type: 'pump',
      sensor_id: 'p1',
      pressure: 2.5,
      flow: 10,
      timestamp: at(0),
    });
    expect(answer.status).toBe(200);
    expect(await answer.json()).toMatchObject({
      prediction: null,
      score: null,
      type: 'pump',
      model: null,
      note: expect.stringContaining('npm run train -- --data labeled.csv --type pump'),
    });
  });

  test('may lack values, but not all of them', async () => {
    const rows = [
      { type: 'pump', sensor_id: 'p1', pressure: null, flow: 12, timestamp: at(1) },
      { type: 'pump', sensor_id: 'p1', pressure: 1.5, timestamp: at(2) },
      { type: 'pump', sensor_id: 'p1', pressure: null, timestamp: at(3) },
      { type: 'pump', sensor_id: 'p1', pressure: 1, flow: 1, rpm: 3, timestamp: at(4) },
      { type: 'pump', sensor_id: 'p1', pressure: -1, flow: 1, timestamp: at(5) },
    ];
    const answer = (await (await api.post(rows)).json()) as { accepted: number; rejected: unknown };
    expect(answer.accepted).toBe(2);
    expect(answer.rejected).toEqual([
      { index: 2, errors: [{ path: '', message: 'expected a value for at least one of pressure, flow' }] },
      { index: 3, errors: [{ path: 'rpm', message: 'unknown field: the type pump has pressure, flow' }] },
      { index: 4, errors: [{ path: 'pressure', message: 'expected a number of at least 0 bar' }] },
    ]);
  });

  test('are listed flat, with null for a missing value', async () => {
    const page = readingsPageSchema.parse(
      await (await api.get('/readings?type=pump&sort=timestamp&order=asc')).json(),
    );
    expect(page.readings.map(({ pressure, flow, prediction }) => [pressure, flow, prediction])).toEqual([
      [2.5, 10, null],
      [null, 12, null],
      [1.5, null, null],
    ]);
  });

  test.each([
    ['asc', [1.5, 2.5, null]],
    ['desc', [2.5, 1.5, null]],
  ])(
    'are sorted %s by a feature, page by page, those without a value at the end',
    async (order, expected) => {
      const found: unknown[] = [];
      let cursor: string | null = null;
      do {
        const rest: string = cursor === null ? '' : `&cursor=${cursor}`;
        const answer = await api.get(`/readings?type=pump&sort=pressure&order=${order}&limit=1${rest}`);
        const page = readingsPageSchema.parse(await answer.json());
        found.push(...page.readings.map(({ pressure }) => pressure));
        cursor = page.next_cursor;
      } while (cursor !== null);
      expect(found).toEqual(expected);
    },
  );

  test('are filtered by a range of a feature', async () => {
    const answer = await api.get('/readings?type=pump&flow_min=11');
    expect(readingsPageSchema.parse(await answer.json()).readings).toMatchObject([{ flow: 12 }]);
  });

  test('have statistics of the values that there are', async () => {
    const stats = statsSchema.parse(await (await api.get('/stats?type=pump')).json());
    expect(stats).toMatchObject({ type: 'pump', count: 3, anomalies: 0, anomaly_rate: null });
    expect(stats.features?.pressure).toEqual({ count: 2, min: 1.5, max: 2.5, mean: 2, std: 0.5 });
    const distribution = await (await api.get('/distribution?type=pump')).json();
    expect(distribution).toMatchObject({ count: 3, predictions: { 0: 0, 1: 0 }, unscored: 3 });
  });

  test('have a series with null where a value is missing', async () => {
    const series = await (await api.get('/series?type=pump')).json();
    expect(series).toMatchObject({ type: 'pump', pressure: [2.5, null, 1.5], flow: [10, 12, null] });
  });

  test('are exported with an empty cell for a missing value', async () => {
    const text = await (await api.get('/readings?type=pump&format=csv&sort=timestamp&order=asc')).text();
    const [header, ...lines] = text.trimEnd().split('\r\n');
    expect(header).toBe('id,sensor_id,timestamp,pressure,flow,prediction,score,model');
    expect(lines.map((line) => line.split(',').slice(1).join())).toEqual([
      `p1,${at(0)},2.5,10,,,`,
      `p1,${at(1)},,12,,,`,
      `p1,${at(2)},1.5,,,,`,
    ]);
  });

  test('leave the sensor unscored', async () => {
    const alerts = await (await api.get('/alerts?type=pump')).json();
    expect(alerts).toMatchObject({ type: 'pump', sensors: [{ sensor_id: 'p1', reading: { flow: null } }] });
  });

  test('do not appear among those of the default type', async () => {
    expect(readingsPageSchema.parse(await (await api.get('/readings')).json()).readings).toEqual([]);
  });

  test('can be read as a view by an account that reads nothing else', async () => {
    const reader = await mysql.createConnection({ uri: database.readerUrl, timezone: 'Z' });
    try {
      const [rows] = await reader.query<RowDataPacket[]>('SELECT * FROM pump ORDER BY timestamp');
      expect(
        rows.map(({ sensor_id, pressure, flow, prediction }) => [sensor_id, pressure, flow, prediction]),
      ).toEqual([
        ['p1', 2.5, 10, null],
        ['p1', null, 12, null],
        ['p1', 1.5, null, null],
      ]);
      const name = new URL(database.adminUrl).pathname.slice(1);
      await expect(reader.query(`SELECT * FROM \`${name}\`.readings`)).rejects.toThrow(/denied/);
    } finally {
      await reader.end();
    }
  });
});

describe('PATCH /types/{type}', () => {
  test('changes a feature, and appends one that older readings do not have', async () => {
    const answer = await send('PATCH', '/types/pump', {
      features: [
        { name: 'pressure', max: 100 },
        { name: 'rpm', unit: '1/min' },
      ],
    });
    expect(answer.status).toBe(200);
    expect(typeAnswerSchema.parse(await answer.json()).features).toMatchObject([
      { name: 'pressure', unit: 'bar', min: 0, max: 100 },
      { name: 'flow' },
      { name: 'rpm', title: 'rpm', unit: '1/min' },
    ]);
    const timestamp = '2026-03-01T11:00:00.000Z';
    expect((await api.post({ type: 'pump', pressure: 1, rpm: 3000, timestamp })).status).toBe(200);
    const page = readingsPageSchema.parse(await (await api.get('/readings?type=pump&sort=rpm')).json());
    expect(page.readings.map(({ rpm }) => rpm)).toEqual([3000, null, null, null]);
  });

  test('refuses limits that cross', async () => {
    const answer = await send('PATCH', '/types/pump', { features: [{ name: 'pressure', max: 0 }] });
    expect(answer.status).toBe(400);
  });

  test('does not know other types', async () => {
    expect((await send('PATCH', '/types/fan', { features: [{ name: 'rpm' }] })).status).toBe(404);
  });
});

describe('GET /types', () => {
  test('lists all types in order of name', async () => {
    const { types } = typesSchema.parse(await (await api.get('/types')).json());
    expect(types.map(({ name, is_default }) => [name, is_default])).toEqual([
      ['climate', true],
      ['pump', false],
    ]);
    expect(types[0]?.model).toMatch(/^gradient-boosting-/);
  });

  test('of one type that does not exist is 404', async () => {
    expect((await api.get('/types/fan')).status).toBe(404);
  });
});

describe('DELETE /types/{type}', () => {
  test('keeps a type that has readings, and the default type', async () => {
    expect((await send('DELETE', '/types/pump')).status).toBe(409);
    expect((await send('DELETE', '/types/climate')).status).toBe(409);
  });

  test('deletes a type without readings', async () => {
    await send('POST', '/types', { name: 'fan', features: [{ name: 'rpm' }] });
    expect((await send('DELETE', '/types/fan')).status).toBe(204);
    expect((await api.get('/types/fan')).status).toBe(404);
    expect((await send('DELETE', '/types/fan')).status).toBe(404);
  });

  test('lets a replica that still knows the type store no reading of it', async () => {
    await send('POST', '/types', { name: 'fan', features: [{ name: 'rpm' }] });
    const other = await startTestApi({
      databaseUrl: database.url,
      config: { activationIntervalMs: 3_600_000 },
    });
    // An unknown field makes it read the types, after the read that is in progress since its start.
    expect((await other.post({ type: 'fan', speed: 1 })).status).toBe(400);
    await send('DELETE', '/types/fan');
    const answer = await other.post({ type: 'fan', rpm: 3000, sensor_id: 'late' });
    expect([answer.status, answer.headers.has('retry-after')]).toEqual([503, true]);
    expect(problemSchema.parse(await answer.json()).detail).toContain('was deleted');
    expect((await fetch(`${other.url}/stream`, { method: 'HEAD' })).status).toBe(200);
    await other.stop();
  });
});

describe('an unknown type', () => {
  test('of a reading is a field error', async () => {
    const answer = await api.post({ type: 'fan', rpm: 1 });
    expect(answer.status).toBe(400);
    expect(await errorsOf(answer)).toMatchObject([{ path: 'type' }]);
  });

  test.each([
    '/readings',
    '/stats',
    '/series',
    '/sensors',
    '/alerts',
    '/ledger',
    '/model',
    '/models',
    '/accuracy',
  ])('of GET %s is a field error', async (path) => {
    const answer = await api.get(`${path}?type=fan`);
    expect(answer.status).toBe(400);
    expect(await errorsOf(answer)).toMatchObject([{ path: 'type' }]);
  });
});

test('two replicas know each other’s types at once', async () => {
  const other = await startTestApi({ databaseUrl: database.url });
  try {
    await send('POST', '/types', { name: 'door', features: [{ name: 'angle' }] });
    const answer = await other.post({ type: 'door', angle: 12 });
    expect(answer.status).toBe(200);
  } finally {
    await other.stop();
  }
});

describe('limits', () => {
  let small: TestApi;

  beforeAll(async () => {
    small = await startTestApi({ databaseUrl: database.url, settings: { MAX_TYPES: '3', MAX_SENSORS: '3' } });
  });
  afterAll(() => small.stop());

  test('MAX_TYPES is named', async () => {
    const body = JSON.stringify({ name: 'gate', features: [{ name: 'angle' }] });
    const headers = { 'content-type': 'application/json' };
    const answer = await fetch(`${small.url}/types`, { method: 'POST', headers, body });
    expect(answer.status).toBe(409);
    expect(await answer.json()).toMatchObject({ type: expect.stringContaining('limit_reached') });
  });

  test('MAX_SENSORS is named, and known sensors still send', async () => {
    const reading = { type: 'door', angle: 1 };
    expect((await small.post(reading)).status).toBe(200);
    const answer = await small.post({ ...reading, sensor_id: 'one too many' });
    expect(answer.status).toBe(409);
    expect(problemSchema.parse(await answer.json()).detail).toContain('MAX_SENSORS');
  });
});
