import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { verifyRollups } from '../../features/statistics/rollups/verify-rollups.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { fillReadings } from '../../testing/fill-readings.ts';
import { exactValues } from '../pool.ts';
import { fillTenMinutes } from './fill-ten-minutes.ts';
import { dropProgress } from './progress.ts';

const start = Date.parse('2026-03-01T10:00:00.000Z');

let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  // A reading every 30 s of two hours, and the same a day later.
  const times = Array.from({ length: 240 }, (_, index) => start + index * 30_000);
  await fillReadings(database.url, [...times, ...times.map((time) => time + 86_400_000)]);
});

afterAll(async () => {
  await database.drop();
});

function connect(): Promise<Connection> {
  return mysql.createConnection({ uri: database.adminUrl, dateStrings: true, ...exactValues });
}

/** Fills the table, and closes the connection at a COMMIT, as the kill of a process does. */
async function fillUntilKilled(commits: number): Promise<void> {
  const connection = await connect();
  const run = connection.query.bind(connection);
  let left = commits;
  connection.query = (async (sql: string, values?: unknown[]) => {
    if (sql === 'COMMIT' && --left === 0) {
      connection.destroy();
      throw new Error('killed');
    }
    return run(sql, values);
  }) as typeof connection.query;
  await expect(fillTenMinutes(connection, { limit: 25, say: () => undefined })).rejects.toThrow('killed');
}

describe('fillTenMinutes', () => {
  test('merges the minutes into what a fold would have stored, also when it is interrupted', async () => {
    const connection = await connect();
    const count = async () => {
      const [[row]] = await connection.query<RowDataPacket[]>(
        'SELECT COUNT(*) AS n FROM rollups_ten_minutes',
      );
      return Number(row?.n);
    };
    const stored = await count();
    await connection.query('DELETE FROM rollups_ten_minutes');
    await fillUntilKilled(1);
    expect(await count()).toBe(0);
    await fillUntilKilled(4);
    const half = await count();
    expect(half).toBeGreaterThan(0);
    expect(half).toBeLessThan(stored);
    await fillTenMinutes(connection, { limit: 25, say: () => undefined });
    await dropProgress(connection);
    expect(await count()).toBe(stored);
    const verified = await verifyRollups(connection, { isRepairing: false, onFault: () => undefined });
    expect(verified.faults).toBe(0);
    await connection.end();
  });
});
