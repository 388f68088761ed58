import type { Connection } from 'mysql2/promise';
import { rollupSteps } from './convert-rollups.ts';
import { countSteps, sensorsStep } from './copy-counts.ts';
import { readingsStep } from './copy-readings.ts';
import {
  alterReplayTables,
  continueNumbering,
  createNewTables,
  dropOldTables,
  nameNewReadings,
  renameOldTables,
  revokeOldRights,
} from './old-tables.ts';
import { createProgress, runCopy, runOnce, toDuration } from './progress.ts';

/**
 * The readings of one transaction. Each may add itself, an anomaly, and four rollups: of its sensor and of all sensors, per
 * minute and hour.
 */
const rowsPerTransaction = 5000;

export interface UpgradeOptions {
  /** Creates the tables of version 0.3, if they do not exist. */
  baselineSql: string;
  /** The maximal number of copied rows of one transaction. */
  limit?: number;
  say: (line: string) => void;
}

/**
 * Upgrades a database of version 0.2 that has all its migrations. Every step is recorded in a table: if the process or the
 * server is killed, the next call continues, with the same result. The accounts have no rights on the new tables yet.
 * `connection` must have the options `exactValues`, and allow multiple statements.
 */
export async function upgradeDatabase(
  connection: Connection,
  { baselineSql, limit = rowsPerTransaction, say }: UpgradeOptions,
): Promise<void> {
  const start = performance.now();
  say('upgrading the database to version 0.3: if this is interrupted, the next migration continues it');
  await connection.query("SET time_zone = '+00:00', sql_mode = 'TRADITIONAL'");
  await createProgress(connection);
  await runOnce(connection, 'rename the old tables', renameOldTables);
  await runOnce(connection, 'create the new tables', () => createNewTables(connection, baselineSql));
  for (const step of [sensorsStep, readingsStep, ...rollupSteps, ...countSteps])
    await runCopy(connection, step, { limit, say });
  await runOnce(connection, 'alter the tables of replays', alterReplayTables);
  await runOnce(connection, 'continue the numbering', continueNumbering);
  await runOnce(connection, 'drop the old tables', dropOldTables);
  await runOnce(connection, 'name the readings', nameNewReadings);
  await runOnce(connection, 'revoke old rights', revokeOldRights);
  say(`upgraded in ${toDuration(performance.now() - start)}: the old tables are removed`);
}
