import { type Alerts, alertsSchema, problemSchema, sensorsPageSchema } from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

const normal = { temperature: 24, humidity: 52, sound_volume: 60 };
const anomaly = { temperature: 19.5, humidity: 41, sound_volume: 99 };
const start = Date.parse('2026-03-01T00:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const hour = 3600;

let database: TestDatabase;
let api: TestApi;
let now = new Date(start);

/** The readings arrive at `seconds` after the start. */
async function send(seconds: number, ...readings: Record<string, unknown>[]): Promise<void> {
  now = new Date(start + seconds * 1000);
  expect((await api.post(readings)).status).toBe(200);
}

async function getAlerts(cursor?: string | null): Promise<Alerts> {
  const answer = await api.get(cursor ? `/alerts?cursor=${cursor}` : '/alerts');
  expect(answer.status).toBe(200);
  return alertsSchema.parse(await answer.json());
}

async function getSensorAlert(sensorId: string) {
  return (await getAlerts()).sensors.find(({ sensor_id }) => sensor_id === sensorId);
}

async function startWithEmptyDatabase(): Promise<void> {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  api = await startTestApi({ databaseUrl: database.url, now: () => now });
}

async function stop(): Promise<void> {
  await api.stop();
  await database.drop();
}

describe('GET /alerts', () => {
  beforeAll(startWithEmptyDatabase);
  afterAll(stop);

  test('is empty before the first reading', async () => {
    expect(await getAlerts()).toMatchObject({
      state: 'empty',
      counts: { anomaly: 0, normal: 0, silent: 0 },
      retired: 0,
      newest_at: null,
      sensors: [],
      next_cursor: null,
    });
  });

  test('returns the arrival of the first reading of the current run, not its timestamp', async () => {
    await send(1, { ...normal, sensor_id: 'run', timestamp: at(500) });
    await send(2, { ...anomaly, sensor_id: 'run', timestamp: at(-500) });
    await send(3, { ...anomaly, sensor_id: 'run', timestamp: at(400) });
    expect(await getSensorAlert('run')).toMatchObject({
      state: 'anomaly',
      since: at(2),
      received_at: at(3),
      reading: { ...anomaly, timestamp: at(400) },
    });
  });

  test('uses the reading that arrived last, although its timestamp is the oldest', async () => {
    await send(4, { ...normal, sensor_id: 'run', timestamp: at(-1000) });
    expect(await getSensorAlert('run')).toMatchObject({
      since: at(4),
      received_at: at(4),
      reading: { ...normal, timestamp: at(-1000) },
    });
  });

  test('keeps an anomaly until a normal reading arrives 10 s after it, as GET /sensors does', async () => {
    const getStates = async () => {
      const { sensors } = sensorsPageSchema.parse(await (await api.get('/sensors?search=run')).json());
      return [(await getSensorAlert('run'))?.state, ...sensors.map(({ state }) => state)];
    };
    expect(await getSensorAlert('run')).toMatchObject({ anomaly_at: at(3), hold_ms: 10_000 });
    expect(await getStates()).toEqual(['anomaly', 'anomaly']);
    await send(12, { ...normal, sensor_id: 'run' });
    expect(await getStates()).toEqual(['anomaly', 'anomaly']);
    await send(13, { ...normal, sensor_id: 'run' });
    expect(await getStates()).toEqual(['normal', 'normal']);
    expect(await getSensorAlert('run')).toMatchObject({ anomaly_at: null, since: at(4) });
  });

  test('reports an anomaly after a reading stamped 23 h ahead, and flags the clock', async () => {
    await send(10, { ...normal, sensor_id: 'ahead', timestamp: at(10 + 23 * hour) });
    expect(await getSensorAlert('ahead')).toMatchObject({
      state: 'normal',
      clock_ahead_ms: 23 * hour * 1000,
    });
    await send(11, { ...anomaly, sensor_id: 'ahead', timestamp: at(11) });
    expect(await getSensorAlert('ahead')).toMatchObject({
      state: 'anomaly',
      since: at(11),
      clock_ahead_ms: null,
    });
  });

  test('does not flag a clock that is up to two minutes ahead', async () => {
    await send(12, { ...normal, sensor_id: 'nearly', timestamp: at(12 + 120) });
    expect(await getSensorAlert('nearly')).toMatchObject({ clock_ahead_ms: null });
    await send(13, { ...normal, sensor_id: 'nearly', timestamp: at(13 + 120.001) });
    expect(await getSensorAlert('nearly')).toMatchObject({ clock_ahead_ms: 120_001 });
  });

  test('does not report a sensor as silent because its clock is 90 s behind', async () => {
    await send(100, { ...anomaly, sensor_id: 'behind', timestamp: at(10) });
    expect(await getSensorAlert('behind')).toMatchObject({ state: 'anomaly', since: at(100) });
  });

  test('reports a sensor as silent 60 s after its newest reading arrived', async () => {
    await send(200, { ...normal, sensor_id: 'quiet', timestamp: at(200 + hour) });
    now = new Date(start + 260_000);
    expect(await getSensorAlert('quiet')).toMatchObject({ state: 'normal' });
    now = new Date(start + 260_001);
    expect(await getSensorAlert('quiet')).toMatchObject({ state: 'silent', since: at(200) });
    expect((await getAlerts()).state).toBe('silent');
  });

  test('reports a sensor as silent after ten usual intervals, as GET /sensors does', async () => {
    for (let second = 300; second <= 330; second += 5) await send(second, { ...normal, sensor_id: 'steady' });
    const getStates = async () => {
      const { sensors } = sensorsPageSchema.parse(
        await (await api.get('/sensors?search=steady&sort=state')).json(),
      );
      return [(await getSensorAlert('steady'))?.state, ...sensors.map(({ state }) => state)];
    };
    now = new Date(start + 380_000);
    expect(await getStates()).toEqual(['normal', 'normal']);
    now = new Date(start + 380_001);
    expect(await getStates()).toEqual(['silent', 'silent']);
  });

  test('summarizes the sensors that are asked for', async () => {
    await send(400, { ...anomaly, sensor_id: 'one' });
    await send(401, { ...normal, sensor_id: 'two' });
    await send(402, { ...normal, sensor_id: 'three' });
    const answer = await api.get('/alerts?sensor_id=two&sensor_id=three');
    expect(alertsSchema.parse(await answer.json())).toMatchObject({
      state: 'normal',
      counts: { anomaly: 0, normal: 2, silent: 0, unscored: 0 },
      newest_at: at(402),
      sensors: [{ sensor_id: 'three' }, { sensor_id: 'two' }],
    });
    expect(await getAlerts()).toMatchObject({ state: 'anomaly', newest_at: at(402) });
  });

  test('retires a sensor that has been silent for more than a day', async () => {
    await send(500, { ...normal, sensor_id: 'last-week' });
    now = new Date(start + (500 + 24 * hour) * 1000 + 1);
    const { state, counts, retired, sensors } = await getAlerts();
    expect(state).toBe('silent');
    expect(counts).toEqual({ anomaly: 0, normal: 0, silent: 0, unscored: 0 });
    expect(retired).toBe(sensors.length);
    expect(sensors.find(({ sensor_id }) => sensor_id === 'last-week')).toMatchObject({
      state: 'silent',
      retired: true,
    });
    await send(501 + 24 * hour, { ...normal, sensor_id: 'last-week' });
    expect(await getAlerts()).toMatchObject({ state: 'normal', retired: retired - 1 });
  });

  test.each([
    ['limit=5', 'limit'],
    ['cursor=nonsense', 'cursor'],
    ['cursor=a&cursor=b', 'cursor'],
  ])('refuses %s', async (query, path) => {
    const answer = await api.get(`/alerts?${query}`);
    expect(answer.status).toBe(400);
    expect(problemSchema.parse(await answer.json()).errors.map((error) => error.path)).toEqual([path]);
  });

  test.each([
    ['another order', ['state', 'desc', 0, 'a']],
    ['another sorting', ['name', 'asc', '', 'a']],
    ['an unknown state', ['state', 'asc', 5, 'a']],
    ['a state as a string', ['state', 'asc', '0', 'a']],
    ['a fraction', ['state', 'asc', 0.5, 'a']],
    ['no sensor', ['state', 'asc', 0]],
    ['an empty sensor', ['state', 'asc', 0, '']],
    ['a sensor that is too long', ['state', 'asc', 0, 'a'.repeat(65)]],
    ['a sensor that is not a string', ['state', 'asc', 0, { a: 1 }]],
    ['one part too many', ['state', 'asc', 0, 'a', 1]],
    ['an object', { place: 0 }],
  ])('refuses a forged cursor with %s', async (_, parts) => {
    const cursor = Buffer.from(JSON.stringify(parts)).toString('base64url');
    const answer = await api.get(`/alerts?cursor=${cursor}`);
    expect(answer.status).toBe(400);
    expect(problemSchema.parse(await answer.json()).errors.map((error) => error.path)).toEqual(['cursor']);
  });
});

describe('GET /alerts with more sensors than a page', () => {
  const decoys = Array.from({ length: 1000 }, (_, index) => `decoy-${String(index).padStart(4, '0')}`);

  beforeAll(async () => {
    await startWithEmptyDatabase();
    await send(0, { ...anomaly, sensor_id: 'silent-boiler' });
    await send(100, { ...anomaly, sensor_id: 'boiler' });
    const timestamp = at(100 + 23 * hour);
    await send(100, ...decoys.map((sensor_id) => ({ ...normal, sensor_id, timestamp })));
    await send(101, { ...anomaly, sensor_id: 'boiler' }, { ...normal, sensor_id: 'zone' });
  });
  afterAll(stop);

  test('a thousand readings stamped 23 h ahead hide no anomaly', async () => {
    const { state, counts, sensors } = await getAlerts();
    expect(state).toBe('anomaly');
    expect(counts).toEqual({ anomaly: 1, normal: 1001, silent: 1, unscored: 0 });
    expect(sensors).toHaveLength(1000);
    expect(sensors.slice(0, 3)).toMatchObject([
      { sensor_id: 'boiler', state: 'anomaly', since: at(100), clock_ahead_ms: null },
      { sensor_id: 'silent-boiler', state: 'silent' },
      { sensor_id: 'decoy-0000', state: 'normal', clock_ahead_ms: 23 * hour * 1000 },
    ]);
  });

  test('lists each sensor once, page by page, in the order of GET /sensors by state', async () => {
    const first = await getAlerts();
    const second = await getAlerts(first.next_cursor);
    const names = [...first.sensors, ...second.sensors].map(({ sensor_id }) => sensor_id);
    expect(names).toEqual(['boiler', 'silent-boiler', ...decoys, 'zone']);
    expect(second).toMatchObject({ state: 'anomaly', counts: first.counts, next_cursor: null });
    const sensors = await api.get(`/sensors?sort=state&limit=200&cursor=${first.next_cursor}`);
    expect(await sensors.json()).toMatchObject({
      sensors: second.sensors.map(({ sensor_id }) => ({ sensor_id })),
    });
  });

  test('counts all sensors even on a page after the last one', async () => {
    const cursor = Buffer.from(JSON.stringify(['state', 'asc', 2, 'zone'])).toString('base64url');
    expect(await getAlerts(cursor)).toMatchObject({
      state: 'anomaly',
      counts: { anomaly: 1, normal: 1001, silent: 1 },
      sensors: [],
      next_cursor: null,
    });
  });
});
