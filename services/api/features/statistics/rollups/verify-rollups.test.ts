import { randomUUID } from 'node:crypto';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createAdminConnection } from '../../../storage/admin-connection.ts';
import { createPool } from '../../../storage/pool.ts';
import { climate, storeReadings, storeTyped } from '../../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/create-test-database.ts';
import { fillReadings } from '../../../testing/fill-readings.ts';
import { insertType } from '../../types/change-types.ts';
import { createTypeRegistry } from '../../types/type-registry.ts';
import { buildExtremes } from './build-extremes.ts';
import { foldDeltas } from './fold-deltas.ts';
import { type RollupFault, repairRollup, verifyRollups } from './verify-rollups.ts';

const start = Date.parse('2026-03-01T10:00:00.000Z');

let database: TestDatabase;
let admin: Connection;
let faults: RollupFault[] = [];

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  admin = await createAdminConnection(database.adminUrl);
  // Two consecutive hours, and one a day later.
  await fillReadings(
    database.url,
    Array.from({ length: 300 }, (_, index) => start + index * 20_000 + (index > 200 ? 86_400_000 : 0)),
  );
});

afterAll(async () => {
  await admin.end();
  await database.drop();
});

beforeEach(() => {
  faults = [];
});

async function keyOf(name: string): Promise<number> {
  const [[row]] = await admin.query<RowDataPacket[]>('SELECT id FROM sensors WHERE name = ?', [name]);
  return Number(row?.id);
}

function verify(isRepairing = false) {
  return verifyRollups(admin, { isRepairing, onFault: (fault) => faults.push(fault) });
}

describe('verifyRollups', () => {
  test('finds no faults in correct rollups', async () => {
    const minutes = 67 + 33 + 1;
    const [tens, hours] = [8 + 4, 2 + 2];
    expect(await verify()).toMatchObject({ faults: 0, repaired: 0, hoursWithoutReadings: 0 });
    expect((await verify()).buckets).toBeGreaterThanOrEqual(3 * (minutes + tens + hours) - 9);
    expect(faults).toEqual([]);
  });

  test('counts deltas that are not folded yet, also of the first minute of an hour', async () => {
    const pool = createPool({ databaseUrl: database.url, connections: 1, isWriting: true });
    const values = { temperature: 20, humidity: 50, sound_volume: 60, prediction: 0 as const, score: 0 };
    const rows = ['2026-03-05T05:00:30.000Z', '2026-03-05T06:00:30.000Z'].map((timestamp) => ({
      reading: { id: randomUUID(), sensor_id: 'attic', timestamp, ...values, model: 'test' },
      receivedAt: timestamp,
    }));
    const { buckets } = await verify();
    await storeReadings(pool, rows);
    const verified = await verify();
    await foldDeltas(pool);
    await pool.end();
    expect(faults).toEqual([]);
    expect(verified.buckets).toBe(buckets + 12);
  });

  test('works with an account that may not write', async () => {
    const api = await createAdminConnection(database.url);
    const found = await verifyRollups(api, { isRepairing: false, onFault: () => undefined });
    expect(found.faults).toBe(0);
    await api.end();
  });

  test('names the bucket, sensor and values of each fault, and repairs it', async () => {
    const [attic, cellar] = [await keyOf('attic'), await keyOf('cellar')];
    const ofMinute = "WHERE bucket = '2026-03-01 10:05:00'";
    const set = (table: string, changes: string, where: string) =>
      admin.query(`UPDATE ${table} SET rollup = JSON_SET(rollup, ${changes}) ${where}`);
    await set('rollups_minute', "'$.count', 7", `${ofMinute} AND sensor = ${attic}`);
    await set('rollups_minute', `'$.features[1][4]', 99, '$.bins."3"', 7`, `${ofMinute} AND sensor = 0`);
    await admin.query(`DELETE FROM rollups_minute ${ofMinute} AND sensor = ${cellar}`);
    await set(
      'rollups_ten_minutes',
      "'$.anomalies', 99",
      `WHERE bucket = '2026-03-01 10:10:00' AND sensor = ${attic}`,
    );
    await set('rollups_hour', "'$.features[2][1]', 1", `WHERE sensor = ${cellar} ORDER BY bucket LIMIT 1`);
    await admin.query(`INSERT INTO rollups_hour (type, sensor, bucket, rollup)
      SELECT type, sensor, '2025-01-01', rollup FROM rollups_hour WHERE sensor = ${attic} LIMIT 1`);
    await admin.query(
      `INSERT INTO rollups_ten_minutes SELECT * FROM rollups_hour WHERE bucket = '2025-01-01'`,
    );
    expect(await verify()).toMatchObject({ faults: 7, repaired: 0 });
    const byKey = new Map(
      faults.map(({ table, bucket, sensor, what }) => [`${table} ${bucket} ${sensor}`, what]),
    );
    expect(byKey.get(`rollups_minute 2026-03-01 10:05:00 ${attic}`)).toEqual([
      expect.stringMatching(/^count is 7 instead of \d$/),
    ]);
    expect(byKey.get('rollups_minute 2026-03-01 10:05:00 0')).toEqual([
      expect.stringMatching(/^feature 2_max is 99 instead of/),
      'bin_3 is 7 instead of 0',
    ]);
    expect(byKey.get(`rollups_minute 2026-03-01 10:05:00 ${cellar}`)).toEqual([
      expect.stringMatching(/^is missing/),
    ]);
    expect(byKey.get(`rollups_ten_minutes 2026-03-01 10:10:00 ${attic}`)).toEqual([
      expect.stringMatching(/^anomalies is 99 instead of/),
    ]);
    expect(byKey.get(`rollups_ten_minutes 2025-01-01 00:00:00 ${attic}`)).toEqual([
      expect.stringMatching(/where there are none$/),
    ]);
    expect(byKey.get(`rollups_hour 2026-03-01 10:00:00 ${cellar}`)).toEqual([
      expect.stringMatching(/^feature 3_mean is 1 /),
    ]);
    expect(byKey.get(`rollups_hour 2025-01-01 00:00:00 ${attic}`)).toEqual([
      expect.stringMatching(/where there are none$/),
    ]);
    expect(await verify(true)).toMatchObject({ faults: 7, repaired: 7 });
    expect(await verify()).toMatchObject({ faults: 0 });
  });

  test('names extremes that are not those of the readings, and removes them, so that they are built again', async () => {
    const pool = createPool({ databaseUrl: database.url, connections: 1, isWriting: true });
    const build = () => buildExtremes(pool, { now: new Date('2099-01-01T00:00:00.000Z') });
    const select = async (table: string) =>
      (await admin.query<RowDataPacket[]>(`SELECT type, bucket, extremes FROM ${table} ORDER BY bucket`))[0];
    const set = (table: string, value: string, bucket: string) =>
      admin.query(`UPDATE ${table} SET extremes = JSON_SET(extremes, ?, 99) WHERE bucket = ?`, [
        value,
        bucket,
      ]);
    const minute = Date.parse('2026-03-02T10:05:00.000Z');
    await fillReadings(
      database.url,
      Array.from({ length: 300 }, (_, index) => minute + index * 190),
    );
    await build();
    const built = [await select('extremes_minute'), await select('extremes_hour')];
    expect(built.map(({ length }) => length)).toEqual([1, 1]);
    await set('extremes_minute', '$[1][2][1]', '2026-03-02 10:05:00');
    await set('extremes_hour', '$[0][1][3]', '2026-03-02 10:00:00');
    expect(await verify()).toMatchObject({ faults: 2 });
    expect(faults).toEqual([
      {
        table: 'extremes_minute',
        type: climate.id,
        sensor: 0,
        bucket: '2026-03-02 10:05:00',
        what: ['the readings with the highest values of feature 1 are others'],
      },
      {
        table: 'extremes_hour',
        type: climate.id,
        sensor: 0,
        bucket: '2026-03-02 10:00:00',
        what: ['the readings with the lowest values of score are others'],
      },
    ]);
    expect(await verify(true)).toMatchObject({ faults: 2, repaired: 2 });
    expect([await select('extremes_minute'), await select('extremes_hour')]).toEqual([[], []]);
    expect(await verify()).toMatchObject({ faults: 0 });
    await build();
    expect([await select('extremes_minute'), await select('extremes_hour')]).toEqual(built);
    expect(await verify()).toMatchObject({ faults: 0 });
    await pool.end();
  });

  test('finds and repairs a fault of one type, and none of another type', async () => {
    const pool = createPool({ databaseUrl: database.url, connections: 1, isWriting: true });
    const limits = { unit: '', min: null, max: null, decimals: null };
    const features = ['pressure', 'flow'].map((name) => ({ name, title: name, ...limits }));
    await insertType(pool, { name: 'pump', features }, 2);
    const pump = await createTypeRegistry({ pool, defaultName: climate.name }).require('pump');
    const timestamp = '2026-03-01T10:05:00.000Z';
    const rows = [
      [1, 2],
      [3, null],
      [null, 4],
    ].map((values) => ({
      reading: {
        ...{ id: randomUUID(), type: pump, sensor_id: 'attic', timestamp, values },
        ...{ prediction: null, score: null, model: null },
      },
      receivedAt: timestamp,
    }));
    await storeTyped(pool, rows);
    expect(await verify()).toMatchObject({ faults: 0 });
    await foldDeltas(pool);
    await pool.end();
    expect(await verify()).toMatchObject({ faults: 0 });
    await admin.query(
      `UPDATE rollups_minute SET rollup = JSON_SET(rollup, '$.features[1][0]', 3) WHERE type = ? AND sensor = 0`,
      [pump.id],
    );
    expect(await verify(true)).toMatchObject({ faults: 1, repaired: 1 });
    expect(faults).toEqual([
      {
        ...{ table: 'rollups_minute', type: pump.id, sensor: 0, bucket: '2026-03-01 10:05:00' },
        what: ['feature 2_count is 3 instead of 2'],
      },
    ]);
    expect(await verify()).toMatchObject({ faults: 0 });
  });

  test('repairs a rollup while readings arrive in the same bucket', async () => {
    const bucket = '2026-03-01 10:00:00';
    const arriving = Array.from({ length: 8 }, (_, index) =>
      fillReadings(database.url, [start + index * 1000, start + index * 1000 + 1]),
    );
    const [attic, cellar] = [await keyOf('attic'), await keyOf('cellar')];
    for (const sensor of [0, attic, cellar, 0, attic, cellar]) {
      await repairRollup(admin, { table: 'rollups_hour', type: climate.id, sensor, bucket });
      await repairRollup(admin, { table: 'rollups_ten_minutes', type: climate.id, sensor, bucket });
      await repairRollup(admin, { table: 'rollups_minute', type: climate.id, sensor, bucket });
      await repairRollup(admin, { table: 'extremes_minute', type: climate.id, sensor: 0, bucket });
    }
    await Promise.all(arriving);
    expect(await verify()).toMatchObject({ faults: 0 });
  });
});
