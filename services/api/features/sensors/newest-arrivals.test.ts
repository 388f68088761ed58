import type { RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createPool } from '../../storage/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { fillReadings } from '../../testing/fill-readings.ts';
import { listNewestReadings } from './newest-arrivals.ts';

const start = Date.parse('2026-03-01T00:00:00.000Z');
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  // The reading that arrives last has the oldest timestamp.
  await fillReadings(
    database.url,
    Array.from({ length: 2000 }, (_, index) => start - index * 1000),
  );
});

afterAll(() => database.drop());

describe('the newest readings by arrival', () => {
  test('are read without reading the others', async () => {
    const pool = createPool({ databaseUrl: database.url, connections: 1 });
    const countReads = async () => {
      const [rows] = await pool.query<RowDataPacket[]>("SHOW SESSION STATUS LIKE 'Handler_read%'");
      return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
    };
    await countReads();
    const before = await countReads();
    const listed = await listNewestReadings(pool, 10);
    const reads = (await countReads()) - before;
    await pool.end();
    expect(listed).toHaveLength(2);
    expect(reads).toBeLessThan(200);
  });

  test('are those that arrived last, regardless of their timestamps', async () => {
    const pool = createPool({ databaseUrl: database.url, connections: 1 });
    const listed = await listNewestReadings(pool, 10);
    await pool.end();
    expect(listed.map(({ sensor_id, timestamp }) => [sensor_id, timestamp])).toEqual([
      ['attic', '2026-02-28 23:26:42.000'],
      ['cellar', '2026-02-28 23:26:41.000'],
    ]);
  });
});
