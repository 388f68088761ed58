import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, startChild } from '@sensor-sentinel/start/child-process.ts';
import { startDatabase } from '@sensor-sentinel/start/database/start-database.ts';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import type { Bench } from './bench.ts';

export interface DatabaseServer {
  adminUrl: string;
  /** Settings that decide about figures. */
  settings: Record<string, string | number>;
  /** Of a private server. */
  pid?: number;
  /** One for all databases: the API's user belongs to the server. */
  apiPassword: string;
}

export interface Database {
  adminUrl: string;
  apiUrl: string;
  connect: () => Promise<Connection>;
}

export const root = join(import.meta.dirname, '..');

const settingsSql = `SELECT @@version AS version, @@version_comment AS comment,
  @@innodb_flush_log_at_trx_commit AS innodb_flush_log_at_trx_commit, @@log_bin AS log_bin,
  @@sync_binlog AS sync_binlog, @@innodb_buffer_pool_size AS innodb_buffer_pool_size`;

/** The named server, else a private one as in `npm start`. @throws Error where commits are not durable */
export async function provideServer(bench: Bench, databaseUrl: string | undefined): Promise<DatabaseServer> {
  let [adminUrl, pid] = [databaseUrl, 0];
  if (adminUrl === undefined) {
    const onSpawn = (child: Child) => {
      pid = child.pid; // the server is started last
      bench.defer(() => child.stop(20_000));
    };
    const directory = join(bench.folder, 'server');
    ({ adminUrl } = await startDatabase({ directory, say: bench.say, onSpawn }));
  }
  const connection = await mysql.createConnection(adminUrl);
  const [[settings]] = await connection.query<RowDataPacket[]>(settingsSql);
  await connection.end();
  if (settings?.innodb_flush_log_at_trx_commit !== 1 || (settings.log_bin && settings.sync_binlog !== 1))
    throw new Error('the server must have innodb_flush_log_at_trx_commit=1 and sync_binlog=1');
  const named = Object.entries(settings).map((entry) => entry.join(' '));
  bench.say(`${named.join(', ')}\n`);
  return { adminUrl, settings, ...(pid > 0 && { pid }), apiPassword: randomBytes(18).toString('hex') };
}

/** An empty database, dropped at the end. */
export async function createPlainDatabase(bench: Bench, server: DatabaseServer, name: string): Promise<URL> {
  const adminUrl = new URL(server.adminUrl);
  adminUrl.pathname = `/sentinel_bench_${process.pid}_${name}`;
  const database = adminUrl.pathname.slice(1);
  const run = async (...statements: string[]) => {
    const connection = await mysql.createConnection(server.adminUrl);
    for (const sql of statements) await connection.query(sql);
    await connection.end();
  };
  // A statement may still be running at the end.
  bench.defer(() => run('SET SESSION lock_wait_timeout = 20', `DROP DATABASE IF EXISTS ${database}`));
  await run(`CREATE DATABASE ${database}`);
  return adminUrl;
}

/** A database with the tables that `npm run migrate` of a checkout makes. */
export async function createDatabase(
  bench: Bench,
  server: DatabaseServer,
  { name, checkout = root }: { name: string; checkout?: string },
): Promise<Database> {
  const adminUrl = await createPlainDatabase(bench, server, name);
  const apiUrl = new URL(adminUrl);
  apiUrl.username = 'sentinel_api';
  apiUrl.password = server.apiPassword;
  const migration = startChild({
    name: 'migration',
    command: ['npm', '--prefix', checkout, 'run', '--silent', 'migrate'],
    environment: {
      ...{ DATABASE_ADMIN_URL: adminUrl.href, DATABASE_ADMIN_PASSWORD_FILE: '' },
      ...{ DATABASE_URL: apiUrl.href, DATABASE_PASSWORD: '', DATABASE_PASSWORD_FILE: '' },
    },
    logFile: join(bench.folder, 'logs', `${name}-migration.log`),
  });
  const how = await migration.exited;
  if (how !== 'exit code 0') throw new Error(readFileSync(migration.logFile, 'utf8').trim() || how);
  return {
    adminUrl: adminUrl.href,
    apiUrl: apiUrl.href,
    connect: () => mysql.createConnection({ uri: adminUrl.href, timezone: 'Z', dateStrings: true }),
  };
}
