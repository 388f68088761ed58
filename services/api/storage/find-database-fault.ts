import { toDatabaseFault } from './database-errors.ts';
import type { CallbackPool } from './pool.ts';
import { selectRows } from './run-query.ts';

/** Why the readings cannot be reached; undefined when they can. */
export async function findDatabaseFault(pool: CallbackPool): Promise<string | undefined> {
  try {
    await selectRows(pool, { sql: 'SELECT seq FROM readings LIMIT 1' });
    return undefined;
  } catch (error) {
    return toDatabaseFault(error);
  }
}
