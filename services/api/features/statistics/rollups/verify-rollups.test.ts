import type { Connection } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createAdminConnection } from '../../../storage/admin-connection.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/create-test-database.ts';
import { fillReadings } from '../../../testing/fill-readings.ts';
import type { RollupFault } from './compare-rollups.ts';
import { repairRollup, verifyRollups } from './verify-rollups.ts';

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

function verify(isRepairing = false) {
  return verifyRollups(admin, { isRepairing, onFault: (fault) => faults.push(fault) });
}

describe('verifyRollups', () => {
  test('finds no faults in correct rollups', async () => {
    const minutes = 67 + 33 + 1;
    const hours = 2 + 2;
    expect(await verify()).toMatchObject({ faults: 0, repaired: 0, hoursWithoutReadings: 0 });
    expect((await verify()).buckets).toBeGreaterThanOrEqual(3 * (minutes + hours) - 9);
    expect(faults).toEqual([]);
  });

  test('works with an account that may not write', async () => {
    const api = await createAdminConnection(database.url);
    const found = await verifyRollups(api, { isRepairing: false, onFault: () => undefined });
    expect(found.faults).toBe(0);
    await api.end();
  });

  test('names the bucket, sensor and values of each fault, and repairs it', async () => {
    const ofMinute = "WHERE bucket = '2026-03-01 10:05:00'";
    await admin.query(`UPDATE readings_minute SET count = count + 1 ${ofMinute} AND sensor_id = 'attic'`);
    await admin.query(
      `UPDATE readings_minute SET humidity_max = 99, bin_03 = 7 ${ofMinute} AND sensor_id = ''`,
    );
    await admin.query(`DELETE FROM readings_minute ${ofMinute} AND sensor_id = 'cellar'`);
    await admin.query(
      "UPDATE readings_hour SET sound_volume_mean = 1 WHERE sensor_id = 'cellar' ORDER BY bucket LIMIT 1",
    );
    await admin.query(
      "INSERT INTO readings_hour SELECT sensor_id, '2025-01-01', shard, count, anomalies, temperature_mean, temperature_deviations, temperature_min, temperature_max, humidity_mean, humidity_deviations, humidity_min, humidity_max, sound_volume_mean, sound_volume_deviations, sound_volume_min, sound_volume_max, bin_00, bin_01, bin_02, bin_03, bin_04, bin_05, bin_06, bin_07, bin_08, bin_09, bin_10, bin_11, bin_12, bin_13, bin_14, bin_15, bin_16, bin_17, bin_18, bin_19 FROM readings_hour WHERE sensor_id = 'attic' LIMIT 1",
    );
    expect(await verify()).toMatchObject({ faults: 5, repaired: 0 });
    const byKey = new Map(
      faults.map(({ table, bucket, sensor_id, what }) => [`${table} ${bucket} ${sensor_id}`, what]),
    );
    expect(byKey.get('readings_minute 2026-03-01 10:05:00 attic')).toEqual([
      expect.stringMatching(/^count is \d instead of \d$/),
    ]);
    expect(byKey.get('readings_minute 2026-03-01 10:05:00 ')).toEqual([
      expect.stringMatching(/^humidity_max is 99 instead of/),
      'bin_3 is 7 instead of 0',
    ]);
    expect(byKey.get('readings_minute 2026-03-01 10:05:00 cellar')).toEqual([
      expect.stringMatching(/^is missing/),
    ]);
    expect(byKey.get('readings_hour 2026-03-01 10:00:00 cellar')).toEqual([
      expect.stringMatching(/^sound_volume_mean is 1 /),
    ]);
    expect(byKey.get('readings_hour 2025-01-01 00:00:00 attic')).toEqual([
      expect.stringMatching(/where there are none$/),
    ]);
    expect(await verify(true)).toMatchObject({ faults: 5, repaired: 5 });
    expect(await verify()).toMatchObject({ faults: 0 });
  });

  test('repairs a rollup while readings arrive in the same bucket', async () => {
    const bucket = '2026-03-01 10:00:00';
    const arriving = Array.from({ length: 8 }, (_, index) =>
      fillReadings(database.url, [start + index * 1000, start + index * 1000 + 1]),
    );
    for (const sensor_id of ['', 'attic', 'cellar', '', 'attic', 'cellar']) {
      await repairRollup(admin, { table: 'readings_hour', sensor_id, bucket });
      await repairRollup(admin, { table: 'readings_minute', sensor_id, bucket });
    }
    await Promise.all(arriving);
    expect(await verify()).toMatchObject({ faults: 0 });
  });
});
