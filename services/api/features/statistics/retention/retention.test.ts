import type { Connection, Pool, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createAdminConnection } from '../../../storage/admin-connection.ts';
import { createPool } from '../../../storage/pool.ts';
import { climate } from '../../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/create-test-database.ts';
import { fillReadings } from '../../../testing/fill-readings.ts';
import { findDistribution } from '../find-distribution.ts';
import { findSeries } from '../find-series.ts';
import { findStats } from '../find-stats.ts';
import { verifyRollups } from '../rollups/verify-rollups.ts';
import { removeExpired } from './retention.ts';

const hourMs = 3_600_000;
const start = Date.parse('2026-03-01T00:00:00.000Z');
/** One reading every 20 s for ten hours. */
const times = Array.from({ length: 1800 }, (_, index) => start + index * 20_000);

let database: TestDatabase;
let admin: Connection;
let retention: Connection;
let pool: Pool;
let pauses = 0;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  admin = await createAdminConnection(database.adminUrl);
  retention = await createAdminConnection(database.retentionUrl);
  pool = createPool({ databaseUrl: database.url, connections: 2 });
  await fillReadings(database.url, times);
  await admin.query(
    `INSERT INTO extremes_minute SELECT type, bucket, '[]' FROM rollups_minute WHERE sensor = 0`,
  );
  await admin.query(`INSERT INTO extremes_hour SELECT type, bucket, '[]' FROM rollups_hour WHERE sensor = 0`);
  await admin.query(
    'INSERT INTO extremes_due SELECT type, bucket, UTC_TIMESTAMP(6) FROM rollups_hour WHERE sensor = 0',
  );
});

afterAll(async () => {
  await pool.end();
  await admin.end();
  await retention.end();
  await database.drop();
});

const at = (hours: number, minutes = 0, seconds = 0) =>
  new Date(start + hours * hourMs + minutes * 60_000 + seconds * 1000).toISOString();

function remove(hours: { raw: number; minute: number; hour: number }) {
  return removeExpired(retention, {
    limits: {
      RETENTION_RAW: hours.raw * hourMs,
      RETENTION_MINUTE: hours.minute * hourMs,
      RETENTION_HOUR: hours.hour * hourMs,
    },
    now: new Date(at(10, 30)),
    stepRows: 100,
    pause: async () => {
      pauses += 1;
    },
  });
}

describe('removeExpired', () => {
  test('removes whole hours in small steps', async () => {
    const before = await findStats(pool, climate, {});
    // At 10:30: readings before 7:00, minutes before 4:00, hours before 1:00.
    expect(await remove({ raw: 3, minute: 6, hour: 9 })).toEqual({
      readings: 7 * 180,
      anomalies: 7 * 36,
      feedback: 0,
      extremes_minute: 7 * 60,
      extremes_hour: 7,
      extremes_due: 7,
      rollups_minute: 4 * 60 * 3,
      rollups_ten_minutes: 4 * 6 * 3,
      rollups_hour: 3,
      feedback_hour: 0,
    });
    expect(pauses).toBeGreaterThanOrEqual(12 + 7);
    const [[left]] = await admin.query<RowDataPacket[]>('SELECT MIN(timestamp) AS first FROM readings');
    expect(left?.first).toBe('2026-03-01 07:00:00.000');
    expect((await findStats(pool, climate, {})).count).toBe((before.count * 9) / 10);
  });

  test('removes nothing the second time', async () => {
    expect(await remove({ raw: 3, minute: 6, hour: 9 })).toEqual({
      readings: 0,
      anomalies: 0,
      feedback: 0,
      extremes_minute: 0,
      extremes_hour: 0,
      extremes_due: 0,
      rollups_minute: 0,
      rollups_ten_minutes: 0,
      rollups_hour: 0,
      feedback_hour: 0,
    });
  });

  test('does nothing while another process removes rows', async () => {
    const other = await createAdminConnection(database.adminUrl);
    await other.query("DO GET_LOCK(SHA2(CONCAT('retention ', DATABASE()), 256), 0)");
    expect(await remove({ raw: 3, minute: 6, hour: 9 })).toBeUndefined();
    await other.end();
  });
});

describe('queries after retention', () => {
  test.each([
    { where: 'readings', from: at(8, 10, 30), to: at(9, 20, 10), counted: undefined, count: 209 },
    {
      where: 'minutes, rounded outwards',
      from: at(5, 10, 30),
      to: at(6, 20, 10),
      counted: { from: at(5, 10), to: at(6, 21) },
      count: 71 * 3,
    },
    {
      where: 'minutes and readings',
      from: at(6, 59, 30),
      to: at(7, 0, 30),
      counted: { from: at(6, 59), to: at(7, 0, 30) },
      count: 5,
    },
    {
      where: 'hours, rounded outwards',
      from: at(2, 10),
      to: at(3, 10),
      counted: { from: at(2), to: at(4) },
      count: 360,
    },
    {
      where: 'hours, without removed ones',
      from: at(-2),
      to: at(2),
      counted: { from: at(1), to: at(2) },
      count: 180,
    },
  ])('count from $where', async ({ from, to, counted, count }) => {
    const stats = await findStats(pool, climate, { from, to });
    expect([stats.count, stats.counted]).toEqual([count, counted]);
    const distribution = await findDistribution(pool, climate, { from, to });
    expect([distribution.count, distribution.counted]).toEqual([count, counted]);
    const series = await findSeries(pool, climate, { from, to, points: 1000 });
    expect([series.count, series.counted]).toEqual([count, counted]);
    expect(series.resolution === 'reading').toBe(counted === undefined);
  });

  test('draw a series from hours where minutes are removed', async () => {
    const series = await findSeries(pool, climate, { points: 1000 });
    expect(series).toMatchObject({ resolution: 3600, count: 9 * 180, gaps: [] });
    expect(series.timestamp[0]).toBe(at(1));
  });

  test('find no faults in the rollups', async () => {
    const faults: unknown[] = [];
    const found = await verifyRollups(admin, { isRepairing: false, onFault: (fault) => faults.push(fault) });
    expect(faults).toEqual([]);
    expect(found).toMatchObject({ faults: 0, hoursWithoutReadings: 6 });
  });

  test('count a late reading in its minute and hour', async () => {
    await fillReadings(database.url, [Date.parse(at(5, 30, 1))]);
    const stats = await findStats(pool, climate, { from: at(5, 30, 10), to: at(5, 30, 20) });
    expect(stats.count).toBe(4);
  });
});

describe("retention's user", () => {
  test.each([
    'SELECT * FROM readings',
    'SELECT * FROM feedback',
    'UPDATE readings SET score = 0',
    "INSERT INTO retention_horizons VALUES ('all', NULL, NULL, NULL)",
    'DELETE FROM retention_horizons',
    'DELETE FROM model_activations',
    'SELECT * FROM replays',
    'DROP TABLE readings',
    'CREATE TABLE other (a INT)',
  ])('may not %s', async (sql) => {
    await expect(retention.query(sql)).rejects.toMatchObject({ code: expect.stringMatching(/DENIED/) });
  });
});

test("the API's user may read the horizons, but not change them", async () => {
  await expect(pool.query('UPDATE retention_horizons SET readings_before = NULL')).rejects.toMatchObject({
    code: expect.stringMatching(/DENIED/),
  });
});
