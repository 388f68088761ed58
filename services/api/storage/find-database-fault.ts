import type { Pool } from 'mysql2/promise';
import { selectRows } from './connection.ts';
import { isCharacterFault, toDatabaseFault } from './database-errors.ts';

/** A read-only server can still read, so its settings are checked too. */
const readOnlySql = `SELECT (SELECT seq FROM readings LIMIT 1) AS seq,
  @@global.read_only + @@global.innodb_read_only AS read_only`;

/** On a full disk, MySQL blocks commits until there is space. */
const waitingSql = `SELECT COUNT(*) AS waiting FROM information_schema.processlist
  WHERE state LIKE 'Waiting for disk space%'`;

/** Why readings cannot be stored or read; undefined if they can. */
export async function findDatabaseFault(pool: Pool): Promise<string | undefined> {
  try {
    const [row] = await selectRows<{ read_only: number }>(pool, { sql: readOnlySql });
    if (row && row.read_only > 0) return 'The database is read-only: readings cannot be stored.';
    if ((await countWaiting(pool)) > 0)
      return 'The disk of the database is full: commits are waiting for space.';
    return undefined;
  } catch (error) {
    return toDatabaseFault(error);
  }
}

/** MySQL cannot run this query while the text of a running statement has a character beyond the BMP, such as an emoji. */
async function countWaiting(pool: Pool): Promise<number> {
  try {
    const [row] = await selectRows<{ waiting: number }>(pool, { sql: waitingSql });
    return row?.waiting ?? 0;
  } catch (error) {
    if (isCharacterFault(error)) return 0;
    throw error;
  }
}
