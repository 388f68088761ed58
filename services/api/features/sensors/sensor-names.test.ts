import {
  alertsSchema,
  ledgerSchema,
  sensorsPageSchema,
  seriesSchema,
  statsSchema,
} from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

const names = ['__proto__', 'constructor', 'hasOwnProperty', 'toString'];
const anomaly = { temperature: 19.5, humidity: 41, sound_volume: 99 };

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

describe('a sensor with a name of any language', () => {
  const joined = [
    'زیر\u200cزمین',
    '👩\u200d🔬 lab',
    'Ku\u0308che',
    'क्\u200dष',
    '🏴\u{e0067}\u{e0062}\u{e0065}\u{e006e}\u{e0067}\u{e007f}',
  ];

  test.each(joined)('%s is stored, listed, found and exported under it', async (sensor_id) => {
    const answer = await api.post({ ...anomaly, sensor_id });
    expect([answer.status, await answer.json()]).toMatchObject([200, { sensor_id }]);
    const query = `sensor_id=${encodeURIComponent(sensor_id)}`;
    expect(statsSchema.parse(await (await api.get(`/stats?${query}`)).json()).count).toBe(1);
    const { sensors } = sensorsPageSchema.parse(
      await (await api.get(`/sensors?search=${encodeURIComponent(sensor_id)}`)).json(),
    );
    expect(sensors.map((sensor) => sensor.sensor_id)).toEqual([sensor_id]);
    expect(await (await api.get(`/readings?format=csv&${query}`)).text()).toContain(`,${sensor_id},`);
    expect(await (await api.get(`/ledger?${query}`)).json()).toMatchObject({ sensors: [{ sensor_id }] });
  });

  test.each(['\u200dlab', 'lab\u200c', 'a\u200c\u200cb', 'a\u202eb', 'a\u2066b', 'a\u009b2Jb'])(
    '%j is refused',
    async (sensor_id) => {
      const answer = await api.post({ ...anomaly, sensor_id });
      const message = 'expected no control characters, and joiners only between other characters';
      expect([answer.status, await answer.json()]).toMatchObject([
        400,
        { errors: [{ path: 'sensor_id', message }] },
      ]);
    },
  );
});

describe('an error that quotes the request shows what no name has as an escape', () => {
  test.each([
    ['a path', '/types/%E2%80%AEabc', '{202e}abc'],
    ['a model', '/v2/models/a%C2%9B2J', '{9b}2J'],
    ['a parameter', '/readings?a%E2%81%A6=1', '{2066}: unknown field'],
    ['a space without width', '/types/a%E2%80%8B', '{200b}'],
  ])('%s', async (_what, path, escaped) => {
    expect(await (await api.get(path)).text()).toContain(String.raw`\\u${escaped}`);
  });

  test('the name of a field', async () => {
    const answer = await api.post({ ...anomaly, 'a\u202e': 1 });
    expect(await answer.json()).toMatchObject({ errors: [{ path: String.raw`a\u{202e}` }] });
  });
});

describe('a sensor named like a property of Object.prototype', () => {
  test('is counted and listed like any other sensor', async () => {
    const answer = await api.post(names.map((sensor_id) => ({ ...anomaly, sensor_id })));
    expect(await answer.json()).toMatchObject({ accepted: names.length, rejected: [] });
    const read = async (path: string) => (await api.get(path)).json();
    const { sensors } = sensorsPageSchema.parse(await read('/sensors'));
    const counts = sensors.map(({ sensor_id, count }) => [sensor_id, count]);
    expect(counts).toEqual(expect.arrayContaining(names.map((name) => [name, 1])));
    const alerts = alertsSchema.parse(await read('/alerts')).sensors;
    expect(alerts.map(({ sensor_id }) => sensor_id)).toEqual(expect.arrayContaining(names));
    const ledger = ledgerSchema.parse(await read('/ledger')).sensors;
    const stored = ledger.map((sensor) => [sensor.sensor_id, sensor.stored]);
    expect(stored).toEqual(expect.arrayContaining(names.map((name) => [name, 1])));
    for (const name of names)
      expect(seriesSchema.parse(await read(`/series?sensor_id=${name}`))).toMatchObject({ count: 1 });
  });

  test.each(names)('%s is not accepted as a field, model or sort column', async (name) => {
    const reading = `{"temperature": 24, "humidity": 52, "sound_volume": 60, "${name}": {"id": "x"}}`;
    const rejected = await api.post(reading);
    expect(rejected.status).toBe(400);
    const message = 'unknown field: the type climate has temperature, humidity, sound_volume';
    expect(await rejected.json()).toMatchObject({ errors: [{ path: name, message }] });
    const paths = [`/v2/models/${name}`, `/replays/${name}`, `/stats?${name}=1`, `/readings?sort=${name}`];
    const statuses = await Promise.all(paths.map(async (path) => (await api.get(path)).status));
    expect(statuses).toEqual([404, 404, 400, 400]);
  });
});
