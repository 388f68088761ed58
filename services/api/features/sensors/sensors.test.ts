import { problemSchema, type SensorsPage, sensorsPageSchema } from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { change } from '../../storage/connection.ts';
import { createPool } from '../../storage/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { foldDeltas } from '../statistics/rollups/fold-deltas.ts';

const normal = { temperature: 24, humidity: 52, sound_volume: 60 };
const anomaly = { temperature: 19.5, humidity: 41, sound_volume: 99 };
const noon = Date.parse('2026-03-01T12:00:30.000Z');
const at = (seconds: number) => new Date(noon + seconds * 1000).toISOString();

let database: TestDatabase;
let api: TestApi;
let now = new Date(noon);

/** Posts readings with the current `now` as their arrival. */
async function send(readings: readonly Record<string, unknown>[]): Promise<void> {
  expect((await api.post(readings)).status).toBe(200);
  const names = new Set(readings.map(({ sensor_id }) => sensor_id));
  const isCounted = async () => {
    const sent = (await getPage('limit=200')).sensors.filter(({ sensor_id }) => names.has(sensor_id));
    return sent.every(({ last_seen }) => last_seen === now.toISOString());
  };
  while (!(await isCounted())); // until the ledger is flushed
}

async function getPage(query = ''): Promise<SensorsPage> {
  const answer = await api.get(`/sensors?${query}`);
  expect(answer.status).toBe(200);
  return sensorsPageSchema.parse(await answer.json());
}

async function listNames(query: string): Promise<string[]> {
  const names: string[] = [];
  let cursor = '';
  for (let pages = 0; pages < 100; pages++) {
    const { sensors, next_cursor } = await getPage(`${query}${cursor}`);
    names.push(...sensors.map(({ sensor_id }) => sensor_id));
    if (next_cursor === null) return names;
    cursor = `&cursor=${next_cursor}`;
  }
  throw new Error('the pages do not end');
}

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  api = await startTestApi({ databaseUrl: database.url, now: () => now });
  expect(await getPage()).toMatchObject({ total: 0, sensors: [], next_cursor: null });
  now = new Date(noon - 600_000);
  await send([{ ...normal, sensor_id: 'quiet' }]);
  now = new Date(noon - 20_000);
  await send([
    { ...normal, sensor_id: 'attic', timestamp: at(-3600) },
    { ...normal, sensor_id: 'attic', timestamp: at(-1800) },
    { ...anomaly, sensor_id: 'attic', timestamp: at(-1799) },
    { ...anomaly, sensor_id: 'attic', timestamp: at(-6) },
  ]);
  now = new Date(noon - 5000);
  await send([{ ...normal, sensor_id: 'attic', timestamp: at(-5) }]);
  now = new Date(noon - 1000);
  await send([{ ...anomaly, sensor_id: 'Boiler 2' }]);
  now = new Date(noon);
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

describe('GET /sensors', () => {
  test('lists the state, newest reading and last arrival of each sensor', async () => {
    const { sensors, total, silent_after_ms } = await getPage();
    expect([total, silent_after_ms]).toEqual([3, 60_000]);
    expect(sensors).toMatchObject([
      { sensor_id: 'Boiler 2', state: 'anomaly', reading: anomaly, last_seen: at(-1) },
      { sensor_id: 'attic', state: 'normal', reading: { ...normal, timestamp: at(-5) }, last_seen: at(-5) },
      { sensor_id: 'quiet', state: 'silent', reading: { timestamp: at(-600) }, last_seen: at(-600) },
    ]);
  });

  test('counts the last hour, before and after deltas are folded', async () => {
    const before = await getPage('search=attic');
    const pool = createPool({ databaseUrl: database.url, connections: 1, isWriting: true });
    await foldDeltas(pool);
    await pool.end();
    expect(await getPage('search=attic')).toEqual(before);
    const [attic] = before.sensors;
    expect(before.since).toBe('2026-03-01T11:01:00.000Z');
    expect(attic).toMatchObject({ count: 4, anomalies: 2 });
    // Two readings in five and a half minutes: the current minute is half over.
    expect(attic?.rate_per_minute).toBeCloseTo(2 / 5.5, 10);
    const drawn = attic?.sparkline.flatMap((value, step) => (value === null ? [] : [[step, value]]));
    expect(drawn).toEqual([
      [14, 0.5],
      [29, 0.5],
    ]);
  });

  test('returns the mean of a feature as the sparkline', async () => {
    const { sensors, sparkline_of } = await getPage('sparkline=temperature&search=attic');
    expect(sparkline_of).toBe('temperature');
    expect(sensors[0]?.sparkline.at(29)).toBeCloseTo((19.5 + 24) / 2, 10);
  });

  test.each([
    ['sort=name', ['Boiler 2', 'attic', 'quiet']],
    ['sort=name&order=desc', ['quiet', 'attic', 'Boiler 2']],
    ['sort=last_seen', ['quiet', 'attic', 'Boiler 2']],
    ['sort=last_seen&order=desc', ['Boiler 2', 'attic', 'quiet']],
    ['sort=state', ['Boiler 2', 'quiet', 'attic']],
    ['sort=state&order=desc', ['attic', 'quiet', 'Boiler 2']],
    ['search=IL', ['Boiler 2']],
    ['search=t', ['attic', 'quiet']],
    ['search=%25', []],
    ['search=%20', ['Boiler 2', 'attic', 'quiet']],
  ])('lists by %s, in one page or in several', async (query, names) => {
    expect(await listNames(query)).toEqual(names);
    expect(await listNames(`${query}&limit=1`)).toEqual(names);
    expect((await getPage(`${query}&limit=1`)).total).toBe(names.length);
  });

  test('sorts by arrival, and reports a clock that is ahead', async () => {
    now = new Date(noon - 40_000);
    await send([{ ...anomaly, sensor_id: 'ahead' }]);
    now = new Date(noon - 3000);
    await send([
      { ...normal, sensor_id: 'ahead', timestamp: at(82_800) },
      { ...anomaly, sensor_id: 'behind', timestamp: at(-90) },
      { ...normal, sensor_id: 'mended', timestamp: at(82_800) },
    ]);
    now = new Date(noon - 2000);
    await send([{ ...anomaly, sensor_id: 'mended' }]);
    now = new Date(noon);
    const found = await Promise.all(['ahead', 'behind', 'mended'].map((name) => getPage(`search=${name}`)));
    expect(found.flatMap(({ sensors }) => sensors)).toMatchObject([
      { state: 'normal', reading: { ...normal, timestamp: at(82_800) }, clock_ahead_ms: 82_803_000 },
      { state: 'anomaly', reading: { ...anomaly, timestamp: at(-90) }, clock_ahead_ms: null },
      { state: 'anomaly', reading: { ...anomaly, timestamp: at(-2) }, clock_ahead_ms: null },
    ]);
    expect(await listNames('sort=state')).toEqual([
      'Boiler 2',
      'behind',
      'mended',
      'quiet',
      'ahead',
      'attic',
    ]);
  });

  test('lists a sensor whose readings retention has removed', async () => {
    await send([{ ...normal, sensor_id: 'gone' }]);
    const admin = createPool({ databaseUrl: database.adminUrl, connections: 1 });
    await change(admin, {
      sql: "DELETE FROM readings WHERE sensor = (SELECT id FROM sensors WHERE name = 'gone')",
    });
    await admin.end();
    expect((await getPage('search=gone')).sensors).toMatchObject([{ state: 'silent', reading: null }]);
    expect(await listNames('sort=state')).toEqual([
      'Boiler 2',
      'behind',
      'mended',
      'quiet',
      'ahead',
      'attic',
      'gone',
    ]);
  });

  test.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['sort=color', 'sort'],
    ['sparkline=color', 'sparkline'],
    ['cursor=nonsense', 'cursor'],
    ['sort=state&cursor=WyJuYW1lIiwiYXNjIiwiIiwiYSJd', 'cursor'],
    ['color=red', 'color'],
  ])('rejects %s', async (query, path) => {
    const answer = await api.get(`/sensors?${query}`);
    expect(answer.status).toBe(400);
    expect(problemSchema.parse(await answer.json()).errors.map((error) => error.path)).toEqual([path]);
  });
});

describe('GET /alerts/episodes', () => {
  test.each([
    ['limit=0', 'limit'],
    ['limit=201', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['from=2026-03-01T13:00:00Z&to=2026-03-01T12:00:00Z', 'from'],
    ['color=red', 'color'],
  ])('rejects %s', async (query, path) => {
    const answer = await api.get(`/alerts/episodes?${query}`);
    expect(answer.status).toBe(400);
    expect(problemSchema.parse(await answer.json()).errors.map((error) => error.path)).toEqual([path]);
  });

  test('allows only GET and HEAD', async () => {
    for (const path of ['/sensors', '/alerts', '/alerts/episodes']) {
      const answer = await fetch(`${api.url}${path}`, { method: 'POST' });
      expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    }
    expect((await api.get('/alerts/rules')).status).toBe(404);
  });
});
