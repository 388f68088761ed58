import type { Connection, RowDataPacket } from 'mysql2/promise';

/** The tables of version 0.2 that the upgrade copies. It alters those of replays in place; the others are unchanged. */
const copiedTables = [
  'readings',
  'readings_minute',
  'readings_hour',
  'rollup_deltas',
  'ledger_stored',
  'ledger_arrivals',
  'truths',
  'truths_hour',
  'retention_horizons',
];

/**
 * Renames the tables to `old_…`, after which no process of version 0.2 can write to them. The API then answers 503 to
 * readings. May be repeated.
 */
export async function renameOldTables(connection: Connection): Promise<void> {
  const existing = await listTables(connection);
  const renames = copiedTables
    .filter((table) => existing.has(table) && !existing.has(`old_${table}`))
    .map((table) => `${table} TO old_${table}`);
  if (renames.length > 0) await connection.query(`RENAME TABLE ${renames.join(', ')}`);
}

/**
 * Creates the tables of version 0.3. `readings` is named `new_readings` until the old tables are dropped, so that the
 * API of version 0.2 answers 503 until then. May be repeated until rows are copied.
 */
export async function createNewTables(connection: Connection, baselineSql: string): Promise<void> {
  await connection.query('DROP TABLE IF EXISTS new_readings');
  await connection.query(baselineSql);
  await connection.query('RENAME TABLE readings TO new_readings');
}

/** Alters the tables of replays, which are small. Replays that have begun keep their ids. May be repeated. */
export async function alterReplayTables(connection: Connection): Promise<void> {
  const sql = `SELECT table_name AS name FROM information_schema.columns
    WHERE table_schema = DATABASE() AND column_name = 'replayed'`;
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  const unaltered = new Set(rows.map(({ name }) => String(name)));
  const alterations = {
    replays: `CHANGE replayed duplicates BIGINT UNSIGNED NOT NULL,
      ADD COLUMN id_scheme TINYINT UNSIGNED NOT NULL DEFAULT 5 AFTER id`,
    replay_chunks: 'CHANGE replayed duplicates INT UNSIGNED NOT NULL',
    replay_senders: 'CHANGE replayed duplicates BIGINT UNSIGNED NOT NULL',
  };
  for (const [table, alteration] of Object.entries(alterations))
    if (unaltered.has(table)) await connection.query(`ALTER TABLE ${table} ${alteration}`);
  await connection.query('ALTER TABLE replays ALTER COLUMN id_scheme SET DEFAULT 8');
}

/** Readings get the numbers that follow those of version 0.2, also if the last of these are removed. May be repeated. */
export async function continueNumbering(connection: Connection): Promise<void> {
  const [[created]] = await connection.query<RowDataPacket[]>('SHOW CREATE TABLE old_readings');
  const [, nextSeq] = /AUTO_INCREMENT=(\d+)/.exec(String(created?.['Create Table'])) ?? [];
  if (nextSeq !== undefined) await connection.query(`ALTER TABLE new_readings AUTO_INCREMENT = ${nextSeq}`);
}

/** May be repeated. */
export async function dropOldTables(connection: Connection): Promise<void> {
  for (const table of copiedTables) await connection.query(`DROP TABLE IF EXISTS old_${table}`);
}

/** Gives `readings` its name. May be repeated. */
export async function nameNewReadings(connection: Connection): Promise<void> {
  const existing = await listTables(connection);
  if (existing.has('new_readings')) await connection.query('RENAME TABLE new_readings TO readings');
}

/** Removes the rights on tables that version 0.3 does not have. May be repeated. */
export async function revokeOldRights(connection: Connection): Promise<void> {
  const sql = `SELECT DISTINCT grantee AS account, table_name AS name FROM information_schema.table_privileges
    WHERE table_schema = DATABASE() AND table_name IN (?)`;
  const [rights] = await connection.query<RowDataPacket[]>(sql, [copiedTables]);
  const existing = await listTables(connection);
  for (const { account, name } of rights)
    if (!existing.has(String(name)))
      await connection.query(`REVOKE ALL PRIVILEGES ON ${name} FROM ${account}`);
}

async function listTables(connection: Connection): Promise<Set<string>> {
  const sql = 'SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE()';
  const [rows] = await connection.query<RowDataPacket[]>(sql);
  return new Set(rows.map(({ name }) => String(name)));
}
