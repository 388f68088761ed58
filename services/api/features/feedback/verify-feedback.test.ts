import { randomUUID } from 'node:crypto';
import type { Connection, Pool, RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { createAdminConnection } from '../../storage/admin-connection.ts';
import { createPool } from '../../storage/pool.ts';
import { climate, storeTyped } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { fillReadings } from '../../testing/fill-readings.ts';
import { insertType } from '../types/change-types.ts';
import { createTypeRegistry } from '../types/type-registry.ts';
import { insertFeedback } from './feedback-rows.ts';
import { type FeedbackFault, verifyFeedback } from './verify-feedback.ts';

const start = Date.parse('2026-03-01T10:00:00.000Z');
const decided_at = '2026-03-10T00:00:00.000Z';
const faults: FeedbackFault[] = [];

let database: TestDatabase;
let admin: Connection;
let pool: Pool;
let ids: string[];

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  admin = await createAdminConnection(database.adminUrl);
  pool = createPool({ databaseUrl: database.url, connections: 2, isWriting: true });
  // Two consecutive hours, and one three days later.
  const times = Array.from(
    { length: 90 },
    (_, index) => start + index * 80_000 + (index > 60 ? 3 * 86_400_000 : 0),
  );
  ids = (await fillReadings(database.url, times)).map(({ id }) => id);
  await store(ids.slice(0, 80), 1);
});

afterAll(async () => {
  await pool.end();
  await admin.end();
  await database.drop();
});

beforeEach(() => {
  faults.length = 0;
});

async function store(readingIds: readonly string[], label: 0 | 1): Promise<void> {
  const feedback = readingIds.map((id) => ({ id, label, source: 'label' as const, decided_at }));
  for (const [index, row] of feedback.entries()) await insertFeedback(pool, [row], index % 3);
}

function verify(isRepairing = false, connection = admin) {
  return verifyFeedback(connection, { isRepairing, onFault: (fault) => faults.push(fault) });
}

describe('verifyFeedback', () => {
  test('finds no faults in correct counts, with an account that may not write', async () => {
    await store(ids.slice(10, 20), 0);
    const api = await createAdminConnection(database.url);
    expect(await verify(false, api)).toMatchObject({ faults: 0, repaired: 0 });
    await api.end();
    expect((await verify()).hours).toBeGreaterThanOrEqual(6);
    expect(faults).toEqual([]);
  });

  test('names the sensor, hour and counts of each fault, and repairs it', async () => {
    const [[row]] = await admin.query<RowDataPacket[]>("SELECT id FROM sensors WHERE name = 'attic'");
    const attic = Number(row?.id);
    const ofHour = "bucket = '2026-03-01 10:00:00'";
    await admin.query(
      `UPDATE feedback_hour SET true_positive = true_positive + 2 WHERE ${ofHour} AND sensor = 0 LIMIT 1`,
    );
    await admin.query(`DELETE FROM feedback_hour WHERE ${ofHour} AND sensor = ${attic}`);
    await admin.query("INSERT INTO feedback_hour VALUES (1, 999, '2026-01-01 00:00:00', 5, 0, 1, 0, 0)");
    expect(await verify()).toMatchObject({ faults: 3, repaired: 0 });
    const differences = new Map(
      faults.map(({ sensor, bucket, what }) => [`${bucket} ${sensor}`, what.join()]),
    );
    expect(differences.get('2026-03-01 10:00:00 0')).toMatch(/^true_positive is \d+ instead of \d+$/);
    expect(differences.get(`2026-03-01 10:00:00 ${attic}`)).toMatch(/ is 0 instead of \d+/);
    expect(differences.get('2026-01-01 00:00:00 999')).toBe('false_positive is 1 instead of 0');
    expect(await verify(true)).toMatchObject({ faults: 3, repaired: 3 });
    expect(await verify()).toMatchObject({ faults: 0 });
  });

  test('loses no feedback that arrives during a repair', async () => {
    await admin.query('UPDATE feedback_hour SET false_negative = false_negative + 1');
    await Promise.all([verify(true), store(ids.slice(80), 0), store(ids.slice(0, 10), 0)]);
    await verify(true);
    expect(await verify()).toMatchObject({ faults: 0 });
    const [[counted]] = await admin.query<RowDataPacket[]>(
      'SELECT CAST(SUM(true_negative + false_positive + false_negative + true_positive) AS SIGNED) AS count FROM feedback_hour WHERE sensor = 0',
    );
    expect(counted).toEqual({ count: ids.length });
  });

  test('keeps the counts of another type apart, also in a repair', async () => {
    const feature = { name: 'pressure', title: 'Pressure', unit: '', min: null, max: null, decimals: null };
    await insertType(pool, { name: 'pump', features: [feature] }, 2);
    const pump = await createTypeRegistry({ pool, defaultName: climate.name }).require('pump');
    const receivedAt = new Date(start).toISOString();
    const common = { type: pump, sensor_id: 'attic', timestamp: receivedAt, values: [1] };
    const readings = [
      { id: randomUUID(), ...common, prediction: 1 as const, score: 1, model: 'test' },
      { id: randomUUID(), ...common, prediction: null, score: null, model: null },
    ];
    await storeTyped(
      pool,
      readings.map((reading) => ({ reading, receivedAt })),
    );
    await store(
      readings.map(({ id }) => id),
      0,
    );
    expect(await verify()).toMatchObject({ faults: 0 });
    await admin.query('UPDATE feedback_hour SET false_positive = 7 WHERE type = ?', [pump.id]);
    expect(await verify(true)).toMatchObject({ faults: 2, repaired: 2 });
    expect(faults.map(({ type, what }) => [type, what])).toEqual(
      Array(2).fill([pump.id, ['false_positive is 7 instead of 1']]),
    );
    expect(await verify()).toMatchObject({ faults: 0 });
    const [counted] = await admin.query<RowDataPacket[]>(
      'SELECT false_positive AS count FROM feedback_hour WHERE type = ?',
      [pump.id],
    );
    expect(counted).toEqual([{ count: 1 }, { count: 1 }]);
  });

  test('skips hours whose feedback retention has removed', async () => {
    await admin.query("DELETE FROM feedback WHERE timestamp < '2026-03-01 11:00:00'");
    await admin.query("UPDATE retention_horizons SET readings_before = '2026-03-01 11:00:00'");
    expect(await verify()).toMatchObject({ faults: 0 });
  });
});
