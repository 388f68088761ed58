import { toDatabaseFault } from './database-errors.ts';
import type { CallbackPool } from './pool.ts';
import { selectRows } from './run-query.ts';

/** A server that cannot write may well read; a commit that finds no room on the disk of MySQL waits for it. */
const sql = `SELECT (SELECT seq FROM readings LIMIT 1) AS seq,
  @@global.read_only + @@global.innodb_read_only AS read_only,
  (SELECT COUNT(*) FROM information_schema.processlist WHERE state LIKE 'Waiting for disk space%') AS waiting`;

interface Probe {
  read_only: number;
  waiting: number;
}

/** Why readings cannot be stored and read; undefined when they can. */
export async function findDatabaseFault(pool: CallbackPool): Promise<string | undefined> {
  try {
    const [probe] = await selectRows<Probe>(pool, { sql });
    if (probe && probe.read_only > 0) return 'The database is read-only: it takes no readings.';
    if (probe && probe.waiting > 0) return "The database's disk is full: commits wait for room.";
    return undefined;
  } catch (error) {
    return toDatabaseFault(error);
  }
}
