import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, startChild, waitUntilReady } from '@sensor-sentinel/start/child-process.ts';
import { startDatabase } from '@sensor-sentinel/start/database/start-database.ts';
import { findFreePort } from '@sensor-sentinel/start/free-port.ts';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import type { Bench } from './bench.ts';

export interface DatabaseServer {
  adminUrl: string;
  /** Settings that decide about figures. */
  settings: Record<string, string | number>;
  /** Of a private server. */
  pid: number | undefined;
  /** One for all databases: the API's user belongs to the server. */
  apiPassword: string;
}

export interface HttpServer {
  port: number;
  pid: number;
  stop: () => Promise<unknown>;
}

export const root = join(import.meta.dirname, '..');

/** The winner of cross-validation, by a name of its own so that the peers can serve the same. */
const modelName = 'neural-network';
export const modelFile = join(root, 'model/artifacts', `${modelName}.json`);

const settingsSql = `SELECT @@version AS version, @@version_comment AS comment,
  @@innodb_flush_log_at_trx_commit AS innodb_flush_log_at_trx_commit, @@log_bin AS log_bin,
  @@sync_binlog AS sync_binlog, @@innodb_buffer_pool_size AS innodb_buffer_pool_size`;

/** The named server, else a private one as in `npm start`. @throws Error where commits are not durable */
export async function provideServer(bench: Bench, databaseUrl: string | undefined): Promise<DatabaseServer> {
  let [adminUrl, pid]: [string | undefined, number | undefined] = [databaseUrl, undefined];
  if (adminUrl === undefined) {
    const onSpawn = (child: Child) => bench.defer(() => child.stop(20_000));
    const directory = join(bench.folder, 'server');
    const database = await startDatabase({ directory, say: console.log, onSpawn });
    adminUrl = database.adminUrl;
    pid = database.child.pid;
  }
  const connection = await mysql.createConnection(adminUrl);
  const [[settings]] = await connection.query<RowDataPacket[]>(settingsSql);
  await connection.end();
  if (settings?.innodb_flush_log_at_trx_commit !== 1 || (settings.log_bin && settings.sync_binlog !== 1))
    throw new Error('the server must have innodb_flush_log_at_trx_commit=1 and sync_binlog=1');
  console.log(settings);
  return { adminUrl, settings, pid, apiPassword: randomBytes(18).toString('hex') };
}

/** An empty database, dropped at the end. */
export async function createDatabase(bench: Bench, server: DatabaseServer, name: string): Promise<URL> {
  const database = `sentinel_bench_${process.pid}_${name}`;
  async function run(...statements: string[]): Promise<void> {
    const connection = await mysql.createConnection(server.adminUrl);
    for (const sql of statements) await connection.query(sql);
    await connection.end();
  }
  // A statement may still be running at the end.
  bench.defer(() => run('SET SESSION lock_wait_timeout = 20', `DROP DATABASE IF EXISTS ${database}`));
  await run(`CREATE DATABASE ${database}`);
  return new URL(`/${database}`, server.adminUrl);
}

interface ServerOptions {
  name: string;
  /** The port is appended to it. */
  command: readonly string[];
  environment?: (port: number) => Readonly<Record<string, string>>;
  /** Answered, with any status below 500, once it serves. */
  readyPath?: string;
}

export async function startServer(bench: Bench, options: ServerOptions): Promise<HttpServer> {
  const { name, command, environment, readyPath = '/' } = options;
  const port = await findFreePort();
  const child = startChild({
    name,
    logFile: join(bench.folder, 'logs', `${name}.log`),
    command: [...command, String(port)],
    environment: environment?.(port) ?? {},
  });
  const stop = () => child.stop(10_000);
  bench.defer(stop);
  const isReady = () =>
    fetch(`http://127.0.0.1:${port}${readyPath}`).then(
      ({ status }) => status < 500,
      () => false,
    );
  await waitUntilReady({ child, limitMs: 60_000, isReady });
  return { port, pid: child.pid, stop };
}

/** A script of `bench/peers/` that listens on the port it is given last. */
export function startPeer(bench: Bench, name: string, ...args: string[]): Promise<HttpServer> {
  const command = [process.execPath, join(import.meta.dirname, 'peers', `${name}.ts`), ...args];
  return startServer(bench, { name, command });
}

export interface Api extends HttpServer {
  /** Its database, with an administrator's account. */
  adminUrl: string;
}

interface ApiOptions {
  name: string;
  checkout?: string;
  models?: string;
}

/** The API process of a checkout, with its default settings, on a database of its own. */
export async function startApi(bench: Bench, server: DatabaseServer, options: ApiOptions): Promise<Api> {
  const { start } = await prepareApi(bench, server, options);
  return start();
}

/** A database that `npm run migrate` of a checkout made. Each call of `start` starts an API process on it. */
export async function prepareApi(
  bench: Bench,
  server: DatabaseServer,
  { name, checkout = root, models = '' }: ApiOptions,
): Promise<{ start: () => Promise<Api> }> {
  const adminUrl = await createDatabase(bench, server, name);
  const apiUrl = new URL(adminUrl);
  apiUrl.username = 'sentinel_api';
  apiUrl.password = server.apiPassword;
  const environment = {
    DATABASE_URL: apiUrl.href,
    DATABASE_PASSWORD: '',
    DATABASE_PASSWORD_FILE: '',
    MODEL_NAME: modelName,
    MODEL_DIR: models,
  };
  const migration = startChild({
    name: 'migration',
    command: ['npm', '--prefix', checkout, 'run', '--silent', 'migrate'],
    environment: { ...environment, DATABASE_ADMIN_URL: adminUrl.href, DATABASE_ADMIN_PASSWORD_FILE: '' },
    logFile: join(bench.folder, 'logs', `${name}-migration.log`),
  });
  const how = await migration.exited;
  if (how !== 'exit code 0') throw new Error(readFileSync(migration.logFile, 'utf8').trim() || how);
  return {
    async start() {
      const api = await startServer(bench, {
        name,
        command: [process.execPath, join(checkout, 'services/api/main.ts')],
        environment: (port) => ({ ...environment, API_HOST: '127.0.0.1', API_PORT: String(port) }),
        readyPath: '/readyz',
      });
      return { ...api, adminUrl: adminUrl.href };
    },
  };
}
