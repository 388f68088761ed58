import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { exactValues } from './pool.ts';
import { fillTenMinutes } from './upgrade/fill-ten-minutes.ts';
import { dropProgress } from './upgrade/progress.ts';
import { upgradeDatabase } from './upgrade/upgrade-database.ts';
import { toViewsDatabase } from './views-database.ts';

/** New databases start with this file. Older ones need the files before it, and an upgrade instead of it. */
const baselineName = '016-schema.sql';
/** Its table is filled before the accounts get rights on it. */
const tenMinutesName = '024-ten-minutes.sql';

const lockSeconds = 60;

interface MigrateOptions {
  /** URL of an account that may create tables and users. */
  adminUrl: string;
  directory: string;
  /** New password of the API's database user. */
  apiPassword: string;
  /** New password of the retention job's database user; unchanged if undefined. */
  retentionPassword?: string | undefined;
  /** New password of the user that may read the views; unchanged if undefined. */
  readerPassword?: string | undefined;
  say: (line: string) => void;
}

/**
 * Creates the database if it does not exist, applies each numbered file of `directory` once, in order, upgrades a database
 * of version 0.2, and sets the users' passwords. A lock allows one migration at a time.
 * @throws Error if an applied file was changed, another migration holds the lock, or the server reports an error
 */
export async function migrateDatabase(options: MigrateOptions): Promise<void> {
  const url = new URL(options.adminUrl);
  const database = decodeURIComponent(url.pathname.slice(1));
  url.pathname = '/';
  const connection = await mysql.createConnection({
    uri: url.href,
    multipleStatements: true,
    connectTimeout: 5000,
    timezone: 'Z',
    dateStrings: true,
    charset: 'utf8mb4_bin',
    ...exactValues,
  });
  try {
    await connection.query('CREATE DATABASE IF NOT EXISTS ?? CHARACTER SET utf8mb4', [database]);
    await connection.query('USE ??', [database]);
    await withLock(connection, async () => {
      await applyMissing(connection, options);
      await allowViews(connection, database);
      await unlockUser(connection, 'sentinel_api', options.apiPassword);
      if (options.retentionPassword !== undefined)
        await unlockUser(connection, 'sentinel_retention', options.retentionPassword);
      if (options.readerPassword !== undefined)
        await unlockUser(connection, 'sentinel_reader', options.readerPassword);
    });
  } finally {
    connection.destroy();
  }
}

/** The API may create and drop the views of sensor types in a database of their own, and an account may read them. */
async function allowViews(connection: Connection, database: string): Promise<void> {
  const views = toViewsDatabase(database);
  await connection.query('CREATE DATABASE IF NOT EXISTS ?? CHARACTER SET utf8mb4', [views]);
  const quoted = `\`${views.replaceAll('_', '\\_')}\``; // in GRANT, an underscore stands for any character
  await connection.query(`GRANT CREATE VIEW, DROP, SELECT ON ${quoted}.* TO 'sentinel_api'@'%'`);
  await connection.query("CREATE USER IF NOT EXISTS 'sentinel_reader'@'%' ACCOUNT LOCK");
  await connection.query(`GRANT SELECT, SHOW VIEW ON ${quoted}.* TO 'sentinel_reader'@'%'`);
}

async function withLock(connection: Connection, apply: () => Promise<void>): Promise<void> {
  const [[lock]] = await connection.query<RowDataPacket[]>('SELECT GET_LOCK(?, ?) AS held', [
    'sensor-sentinel-migrate',
    lockSeconds,
  ]);
  if (lock?.held !== 1)
    throw new Error(
      `another migration has been running for ${lockSeconds} s: wait until it ends, then try again`,
    );
  await apply();
}

async function applyMissing(connection: Connection, { directory, say }: MigrateOptions): Promise<void> {
  const applied = await listApplied(connection);
  const needsUpgrade = applied.size > 0 && !applied.has(baselineName);
  for (const { name, sql, checksum } of readMigrations(directory)) {
    const before = applied.get(name);
    if (before !== undefined && before !== checksum)
      throw new Error(
        `${name} was changed after it was applied: restore it, and put the change into a new file`,
      );
    if (before !== undefined || (name < baselineName && !needsUpgrade)) continue;
    if (name === baselineName && needsUpgrade) await upgradeDatabase(connection, { baselineSql: sql, say });
    else await connection.query(sql);
    if (name === tenMinutesName) await fillTenMinutes(connection, { say });
    const record =
      'INSERT INTO schema_migrations (name, checksum, applied_at) VALUES (?, ?, UTC_TIMESTAMP(3))';
    await connection.query(record, [name, checksum]);
    say(`applied ${name}`);
  }
  await dropProgress(connection);
}

async function listApplied(connection: Connection): Promise<Map<string, string>> {
  await connection.query(`CREATE TABLE IF NOT EXISTS schema_migrations (
    name VARCHAR(100) NOT NULL PRIMARY KEY, checksum CHAR(64) NOT NULL, applied_at DATETIME(3) NOT NULL)`);
  const [rows] = await connection.query<RowDataPacket[]>('SELECT name, checksum FROM schema_migrations');
  return new Map(rows.map(({ name, checksum }) => [String(name), String(checksum)]));
}

interface Migration {
  name: string;
  sql: string;
  checksum: string;
}

function readMigrations(directory: string): Migration[] {
  const names = readdirSync(directory).filter((name) => /^\d{3}-.*\.sql$/.test(name));
  return names.sort().map((name) => {
    // A checkout with other line endings is the same migration.
    const sql = readFileSync(join(directory, name), 'utf8').replaceAll('\r\n', '\n');
    return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
  });
}

/** Sets the user's password and unlocks the account. */
async function unlockUser(connection: Connection, user: string, password: string): Promise<void> {
  await connection.query(`ALTER USER '${user}'@'%' IDENTIFIED BY ? ACCOUNT UNLOCK`, [password]);
}
