import mysql from 'mysql2/promise';
import { expect, inject, onTestFinished, test } from 'vitest';
import { createTestDatabase } from '../testing/create-test-database.ts';
import { findDatabaseFault } from './find-database-fault.ts';
import { createPool } from './pool.ts';

test('findDatabaseFault reports no fault while MySQL cannot list a statement with an emoji', async () => {
  const database = await createTestDatabase(inject('databaseAdminUrl'));
  onTestFinished(() => database.drop());
  const pool = createPool({ databaseUrl: database.url, connections: 1 });
  onTestFinished(() => pool.end());
  const holder = await mysql.createConnection(database.adminUrl);
  const waiter = await mysql.createConnection(database.adminUrl);
  const name = new URL(database.adminUrl).pathname.slice(1);
  await holder.query('SELECT GET_LOCK(?, 0)', [name]);
  const waiting = waiter.query("SELECT GET_LOCK(?, 60) AS held, '🔥' AS text", [name]);
  const isWaiting = async () => {
    const sql =
      "SELECT COUNT(*) AS n FROM information_schema.processlist WHERE state = 'User lock' AND id = ?";
    const [[row]] = await holder
      .query<mysql.RowDataPacket[]>(sql, [waiter.threadId])
      .catch(() => [[{ n: 1 }]]);
    return row?.n === 1;
  };
  while (!(await isWaiting())); // an error of the list means that it contains the statement
  expect(await findDatabaseFault(pool)).toBeUndefined();
  await holder.query('SELECT RELEASE_LOCK(?)', [name]);
  await waiting;
  await Promise.all([holder.end(), waiter.end()]);
});
