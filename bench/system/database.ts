import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, startChild } from '@sensor-sentinel/start/child-process.ts';
import { startDatabase } from '@sensor-sentinel/start/database/start-database.ts';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import type { Stack } from './stack.ts';

export interface ServerOptions {
  /** As an account that may create databases and users; a private server when left out. */
  databaseUrl: string | undefined;
  folder: string;
  stack: Stack;
  say: (line: string) => void;
}

export interface DatabaseServer {
  adminUrl: string;
  /** What of the server decides about figures. */
  settings: Record<string, string | number>;
  /** Of a private server. */
  pid?: number;
}

/** A database with all tables, for one contender. */
export interface Database {
  adminUrl: string;
  apiUrl: string;
  connect: () => Promise<Connection>;
}

const root = join(import.meta.dirname, '../..');

const settingsSql = `SELECT @@version AS version, @@version_comment AS comment,
  @@innodb_flush_log_at_trx_commit AS innodb_flush_log_at_trx_commit, @@log_bin AS log_bin,
  @@sync_binlog AS sync_binlog, @@innodb_buffer_pool_size AS innodb_buffer_pool_size`;

async function readSettings(adminUrl: string): Promise<Record<string, string | number>> {
  const connection = await mysql.createConnection(adminUrl);
  const [[settings]] = await connection.query<RowDataPacket[]>(settingsSql);
  await connection.end();
  const isDurable =
    settings?.innodb_flush_log_at_trx_commit === 1 && (!settings.log_bin || settings.sync_binlog === 1);
  if (!isDurable)
    throw new Error('figures count only with innodb_flush_log_at_trx_commit=1 and sync_binlog=1');
  return { ...settings };
}

export function describeSettings({ settings }: DatabaseServer): string {
  return Object.entries(settings)
    .map((entry) => entry.join(' '))
    .join(', ');
}

/** The server that is named, else a private one as `npm start` has it. @throws Error where commits are not durable */
export async function provideServer(options: ServerOptions): Promise<DatabaseServer> {
  const { databaseUrl, folder, stack, say } = options;
  if (databaseUrl !== undefined) return { adminUrl: databaseUrl, settings: await readSettings(databaseUrl) };
  let pid = 0;
  const onSpawn = (child: Child) => {
    pid = child.pid; // the server is the last to be started
    stack.defer(() => child.stop(20_000));
  };
  const { adminUrl, stop } = await startDatabase({ directory: join(folder, 'server'), say, onSpawn });
  stack.defer(() => stop(20_000));
  return { adminUrl, settings: await readSettings(adminUrl), pid };
}

const peerTable = `CREATE TABLE sensor_readings (
  id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, timestamp TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP,
  temperature DOUBLE NOT NULL, humidity DOUBLE NOT NULL, sound_volume DOUBLE NOT NULL, prediction INT NOT NULL
) ENGINE = InnoDB`;

interface CreateOptions {
  server: DatabaseServer;
  name: string;
  apiPassword: string;
  folder: string;
  stack: Stack;
  /** The checkout whose tables they are. */
  checkout?: string;
}

/** Made by the checkout's `npm run migrate`, and dropped at the end. */
export async function createDatabase(options: CreateOptions): Promise<Database> {
  const { server, name, apiPassword, folder, stack, checkout = root } = options;
  const adminUrl = new URL(server.adminUrl);
  adminUrl.pathname = `/${name}`;
  const apiUrl = new URL(adminUrl);
  apiUrl.username = 'sentinel_api';
  apiUrl.password = apiPassword;
  const connect = () => mysql.createConnection({ uri: adminUrl.href, timezone: 'Z', dateStrings: true });
  stack.defer(async () => {
    const connection = await mysql.createConnection(server.adminUrl);
    await connection.query('SET SESSION lock_wait_timeout = 20'); // a statement may still be running
    await connection.query('DROP DATABASE IF EXISTS ??', [name]);
    await connection.end();
  });
  const migration = startChild({
    name: 'migration',
    command: ['npm', '--prefix', checkout, 'run', '--silent', 'migrate'],
    environment: {
      DATABASE_ADMIN_URL: adminUrl.href,
      DATABASE_ADMIN_PASSWORD_FILE: '',
      DATABASE_URL: apiUrl.href,
      DATABASE_PASSWORD: '',
      DATABASE_PASSWORD_FILE: '',
    },
    logFile: join(folder, 'logs', `${name}-migration.log`),
  });
  const how = await migration.exited;
  if (how !== 'exit code 0') throw new Error(readFileSync(migration.logFile, 'utf8').trim() || how);
  const connection = await connect();
  await connection.query(peerTable);
  await connection.end();
  return { adminUrl: adminUrl.href, apiUrl: apiUrl.href, connect };
}

/** One password for all databases of a run: the API's user belongs to the server. */
export function makePassword(): string {
  return randomBytes(18).toString('hex');
}
