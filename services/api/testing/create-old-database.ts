import { createHash, randomUUID } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import mysql, { type Connection } from 'mysql2/promise';
import { exactValues } from '../storage/pool.ts';

const directory = fileURLToPath(new URL('../../../db/init', import.meta.url));
const fixture = fileURLToPath(new URL('./fixtures/database-0.2.sql', import.meta.url));

interface OldDatabaseOptions {
  /** The last migration that is applied. */
  lastMigration?: '012-truth-deletion.sql' | '015-readings-by-sensor.sql';
  hasRows?: boolean;
}

export interface OldDatabase {
  adminUrl: string;
  /** As root, with the settings of the migration's connection. */
  connect: () => Promise<Connection>;
  drop: () => Promise<void>;
}

/** Creates a database as version 0.2 left it, with the rows of the fixture. */
export async function createOldDatabase(
  serverUrl: string,
  { lastMigration = '015-readings-by-sensor.sql', hasRows = true }: OldDatabaseOptions = {},
): Promise<OldDatabase> {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const adminUrl = new URL(name, serverUrl).href;
  const settings = { multipleStatements: true, timezone: 'Z', dateStrings: true, charset: 'utf8mb4_bin' };
  const server = await mysql.createConnection({ uri: serverUrl, ...settings });
  await server.query('CREATE DATABASE ?? CHARACTER SET utf8mb4; USE ??', [name, name]);
  await server.query(`CREATE TABLE schema_migrations (
    name VARCHAR(100) NOT NULL PRIMARY KEY, checksum CHAR(64) NOT NULL, applied_at DATETIME(3) NOT NULL)`);
  const files = readdirSync(directory).sort();
  for (const file of files.filter((file) => file <= lastMigration)) {
    const sql = readFileSync(join(directory, file), 'utf8');
    await server.query(sql);
    const checksum = createHash('sha256').update(sql).digest('hex');
    await server.query('INSERT INTO schema_migrations VALUES (?, ?, UTC_TIMESTAMP(3))', [file, checksum]);
  }
  if (hasRows) await server.query(readFileSync(fixture, 'utf8'));
  await server.end();
  return {
    adminUrl,
    connect: () => mysql.createConnection({ uri: adminUrl, ...settings, ...exactValues }),
    async drop() {
      const connection = await mysql.createConnection(serverUrl);
      await connection.query('DROP DATABASE ??', [name]);
      await connection.end();
    },
  };
}
