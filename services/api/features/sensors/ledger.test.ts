import { randomUUID } from 'node:crypto';
import { type Ledger, ledgerSchema } from '@sensor-sentinel/contracts';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { climateKey, createStorageKeys, toSensorName } from '../../storage/keys.ts';
import { createPool } from '../../storage/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startApiProcess } from '../../testing/start-api-process.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { createArrivals } from './arrivals.ts';
import { createLedger } from './ledger.ts';

const reading = { temperature: 24, humidity: 51, sound_volume: 60 };
const start = Date.parse('2026-03-01T00:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();

let database: TestDatabase;
let replicas: [TestApi, TestApi];
let now = new Date(start);

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  const options = { databaseUrl: database.url, now: () => now, config: { newestAgeMs: 0 } };
  replicas = [await startTestApi(options), await startTestApi(options)];
});

afterAll(async () => {
  await Promise.all(replicas.map((api) => api.stop()));
  await database.drop();
});

async function getLedger(query = ''): Promise<Ledger> {
  return ledgerSchema.parse(await (await replicas[0].get(`/ledger${query}`)).json());
}

async function ledgerOf(sensor: string): Promise<Ledger['sensors'][number] | undefined> {
  return (await getLedger(`?sensor_id=${sensor}`)).sensors[0];
}

describe('GET /ledger', () => {
  test('counts the outcome of each reading on every replica', async () => {
    const [one, other] = replicas;
    const id = randomUUID();
    await one.post({ ...reading, id, sensor_id: 'counted' });
    await other.post({ ...reading, id, sensor_id: 'counted' });
    await one.post([
      { ...reading, sensor_id: 'counted' },
      { ...reading, id, sensor_id: 'counted' },
      { ...reading, humidity: 101, sensor_id: 'counted' },
    ]);
    await other.post({ ...reading, id, temperature: 25, sensor_id: 'counted' });
    await other.post({ ...reading, temperature: 'warm', sensor_id: 'counted' });
    await expect
      .poll(() => ledgerOf('counted'))
      .toEqual({
        sensor_id: 'counted',
        accepted: 4,
        stored: 2,
        duplicates: 2,
        replayed: 2, // the old name
        conflicts: 1,
        rejected: 2,
        late: 0,
        gaps: 0,
        first_seen: at(0),
        last_seen: at(0),
      });
  });

  test('does not attribute rejected readings to a sensor without stored readings', async () => {
    const before = (await getLedger()).unattributed.rejected;
    await replicas[0].post({ ...reading, temperature: 'warm', sensor_id: 'never-stored' });
    await replicas[0].post({ ...reading, sensor_id: '' });
    await replicas[0].post([1, 'x']);
    await expect.poll(async () => (await getLedger()).unattributed.rejected).toBe(before + 4);
    expect(await ledgerOf('never-stored')).toBeUndefined();
  });

  test('counts readings more than a minute older than the newest one as late, across replicas', async () => {
    const [one, other] = replicas;
    const late = (seconds: number) => ({ ...reading, sensor_id: 'late', timestamp: at(seconds) });
    await one.post(late(100));
    await other.post(late(41));
    await other.post(late(39));
    await one.post([late(300), late(250), late(239.9), late(240)]);
    await other.post(late(200));
    await expect.poll(() => ledgerOf('late')).toMatchObject({ stored: 8, late: 3 });
  });

  test('counts pauses longer than SILENT_AFTER_MS, across replicas', async () => {
    for (const [seconds, replica] of [
      [0, 0],
      [59, 1],
      [119, 0],
      [179.5, 1],
      [300, 0],
      [301, 1],
    ] as const) {
      now = new Date(start + seconds * 1000);
      await replicas[replica].post({ ...reading, sensor_id: 'pausing' });
      await expect.poll(() => ledgerOf('pausing')).toMatchObject({ last_seen: at(seconds) });
    }
    await expect
      .poll(() => ledgerOf('pausing'))
      .toMatchObject({ gaps: 2, first_seen: at(0), last_seen: at(301) });
  });

  test('counts exactly the stored rows under concurrent writers of duplicates', async () => {
    const ids = Array.from({ length: 60 }, () => randomUUID());
    const sending = Array.from({ length: 240 }, (_, index) =>
      replicas[index % 2]?.post({ ...reading, id: ids[index % 60], sensor_id: `busy-${index % 3}` }),
    );
    const answers = await Promise.all(sending);
    expect(answers.every((answer) => answer?.status === 200)).toBe(true);
    const listBusy = async () => {
      const busy = (await getLedger()).sensors.filter(({ sensor_id }) => sensor_id.startsWith('busy'));
      return busy.map(({ accepted, stored, duplicates }) => [accepted, stored, duplicates]);
    };
    await expect.poll(listBusy).toEqual(Array(3).fill([80, 20, 60]));
    const { sensors, totals } = await getLedger();
    const admin = await mysql.createConnection(database.adminUrl);
    const [rows] = await admin.query<RowDataPacket[]>(
      `SELECT name AS sensor_id, COUNT(*) AS n FROM readings JOIN sensors ON sensors.id = sensor
        GROUP BY name ORDER BY name`,
    );
    await admin.end();
    expect(sensors.map(({ sensor_id, stored }) => [sensor_id, stored])).toEqual(
      rows.map(({ sensor_id, n }) => [sensor_id, n]),
    );
    expect(totals.stored).toBe(rows.reduce((sum, { n }) => sum + Number(n), 0));
  });

  test('loses no count when two replicas write the same sensors at once', async () => {
    const names = Array.from({ length: 200 }, (_, index) => toSensorName(climateKey, `shared-${index}`));
    const orders = [names, names.toReversed()];
    const pool = createPool({ databaseUrl: database.url, connections: 2 });
    await createStorageKeys({ pool, maxSensors: 1000 }).sensors.learn(new Set(names));
    const options = {
      pool,
      log: pino({ level: 'silent' }),
      now: () => now,
      gapAfterMs: 60_000,
      newestAgeMs: 0,
    };
    const ledgers = [createLedger(options), createLedger(options)];
    for (let round = 0; round < 10; round++) {
      ledgers.forEach((ledger, index) => {
        for (const sensor of orders[index] ?? []) ledger.addOutcome({ sensor, outcome: 'duplicate' });
      });
      await Promise.all(ledgers.map((ledger) => ledger.flush()));
    }
    await pool.end();
    const admin = await mysql.createConnection(database.adminUrl);
    const [rows] = await admin.query<RowDataPacket[]>(
      `SELECT duplicates, COUNT(*) AS sensors FROM sensor_arrivals JOIN sensors ON sensors.id = sensor
        WHERE name LIKE 'shared-%' GROUP BY 1`,
    );
    await admin.query(
      "DELETE FROM sensor_arrivals WHERE sensor IN (SELECT id FROM sensors WHERE name LIKE 'shared-%')",
    );
    await admin.end();
    expect(rows).toEqual([{ duplicates: 20, sensors: 200 }]);
  });

  test('lists all sensors page by page', async () => {
    const all = (await getLedger()).sensors.map(({ sensor_id }) => sensor_id);
    const paged: string[] = [];
    for (let after: string | null = ''; after !== null; ) {
      const page = await getLedger(`?limit=2${after && `&after=${after}`}`);
      paged.push(...page.sensors.map(({ sensor_id }) => sensor_id));
      after = page.next_after;
    }
    expect(paged).toEqual(all);
    expect((await replicas[0].get('/ledger?limit=0')).status).toBe(400);
  });

  test('writes pending counts when the process stops', async () => {
    const api = await startApiProcess({ DATABASE_URL: database.url, LOG_LEVEL: 'info' });
    const body = JSON.stringify({ ...reading, id: randomUUID(), sensor_id: 'survivor' });
    const headers = { 'content-type': 'application/json' };
    let accepted = 0;
    while (accepted < 5) {
      const answer = await fetch(`${api.url}/predict`, { method: 'POST', headers, body });
      await answer.text();
      if (answer.status === 200) accepted += 1;
    }
    api.child.kill('SIGTERM');
    expect(await api.exited).toEqual({ code: 0, signal: null });
    await expect.poll(() => ledgerOf('survivor')).toMatchObject({ accepted: 5, stored: 1, duplicates: 4 });
  });
});

describe('createArrivals', () => {
  test('restores counts that could not be written, and finds the gap to newer arrivals', () => {
    const arrivals = createArrivals(60_000);
    arrivals.addArrival('a', { atMs: 1000, duplicates: 0 });
    arrivals.addRejection('a', 'rejected');
    const taken = arrivals.take();
    arrivals.addArrival('a', { atMs: 70_000, duplicates: 2 });
    arrivals.putBack(taken);
    expect(arrivals.take().get('a')).toEqual({
      duplicates: 2,
      conflicts: 0,
      rejected: 1,
      gaps: 1,
      firstMs: 1000,
      lastMs: 70_000,
    });
  });

  test('bounds the number of names', () => {
    const arrivals = createArrivals(60_000);
    for (let name = 0; name < 20_000; name++) arrivals.addRejection(`name-${name}`, 'rejected');
    const counts = arrivals.take();
    expect(counts.size).toBeLessThanOrEqual(10_001);
    expect([...counts.values()].reduce((sum, { rejected }) => sum + rejected, 0)).toBe(20_000);
  });
});
