import type { Pool } from 'mysql2/promise';
import { selectRows } from './connection.ts';
import { isCharacterFault, toDatabaseFault } from './database-errors.ts';

/** A server that cannot write may well read. */
const readOnlySql = `SELECT (SELECT seq FROM readings LIMIT 1) AS seq,
  @@global.read_only + @@global.innodb_read_only AS read_only`;

/** A commit that finds no room on the disk of MySQL waits for it. */
const waitingSql = `SELECT COUNT(*) AS waiting FROM information_schema.processlist
  WHERE state LIKE 'Waiting for disk space%'`;

/** Why readings cannot be stored and read; undefined when they can. */
export async function findDatabaseFault(pool: Pool): Promise<string | undefined> {
  try {
    const [row] = await selectRows<{ read_only: number }>(pool, { sql: readOnlySql });
    if (row && row.read_only > 0) return 'The database is read-only: it takes no readings.';
    if ((await countWaiting(pool)) > 0) return "The database's disk is full: commits wait for room.";
    return undefined;
  } catch (error) {
    return toDatabaseFault(error);
  }
}

/** MySQL cannot answer while the text of any running statement has a character beyond the BMP, such as an emoji. */
async function countWaiting(pool: Pool): Promise<number> {
  try {
    const [row] = await selectRows<{ waiting: number }>(pool, { sql: waitingSql });
    return row?.waiting ?? 0;
  } catch (error) {
    if (isCharacterFault(error)) return 0;
    throw error;
  }
}
