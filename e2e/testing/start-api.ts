import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { type Child, startChild, waitUntilReady } from '@sensor-sentinel/start/child-process.ts';
import { findFreePort } from '@sensor-sentinel/start/free-port.ts';
import mysql from 'mysql2/promise';

const api = join(import.meta.dirname, '../../services/api');
const apiPassword = 'only-for-tests';
const readerPassword = 'only-for-reader-tests';
/** No setting of this machine reaches a process under test. */
const path = { PATH: '/usr/bin:/bin' };

export interface RunningApi {
  port: number;
  url: string;
  /** The API's database, with an administrator's account. */
  databaseUrl: string;
  /** The database of the views, with the account that may read them. */
  viewsUrl: string;
  /** What other programs that use the settings of the API need. */
  environment: Readonly<Record<string, string>>;
  process: Child;
  /** Sends SIGTERM and removes the database; resolves with the signal or exit code. */
  stop: () => Promise<string>;
}

interface ApiOptions {
  /** An account that may create databases and users. */
  adminUrl: string;
  /** Of its log. */
  directory: string;
  /** More environment variables. */
  settings?: Readonly<Record<string, string>>;
}

/** An API process on an empty database of a real server. */
export async function startApi({ adminUrl, directory, settings }: ApiOptions): Promise<RunningApi> {
  const schema = `test_${randomBytes(8).toString('hex')}`;
  const databaseUrl = new URL(schema, adminUrl);
  execFileSync(process.execPath, [join(api, 'cli/migrate.ts')], {
    env: {
      ...path,
      DATABASE_ADMIN_URL: databaseUrl.href,
      DATABASE_PASSWORD: apiPassword,
      READER_DATABASE_PASSWORD: readerPassword,
    },
  });
  const environment = {
    ...settings,
    DATABASE_URL: `mysql://sentinel_api@${databaseUrl.host}/${schema}`,
    DATABASE_PASSWORD: apiPassword,
  };
  const port = await findFreePort();
  const child = startApiChild({
    ...{ name: 'api', directory, port },
    environment,
  });
  await child.ready;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    databaseUrl: databaseUrl.href,
    viewsUrl: `mysql://sentinel_reader:${readerPassword}@${databaseUrl.host}/${schema}_views`,
    environment: { ...path, ...environment },
    process: child,
    async stop() {
      child.signal('SIGTERM');
      const ended = await child.exited;
      const connection = await mysql.createConnection(databaseUrl.href);
      for (const name of [schema, `${schema}_views`]) await connection.query('DROP DATABASE ??', [name]);
      await connection.end();
      return ended;
    },
  };
}

interface ApiChildOptions {
  name: string;
  /** Of its log, and without a `.env` file. */
  directory: string;
  port: number;
  environment: Readonly<Record<string, string>>;
}

/** An API process; `ready` resolves once it answers, and rejects if it ends before. */
export function startApiChild({ name, directory, port, environment }: ApiChildOptions) {
  const child = startChild({
    ...{ name, directory, logFile: join(directory, `${name}.log`) },
    command: [process.execPath, join(api, 'main.ts')],
    environment: { ...path, ...environment, API_PORT: String(port) },
    isIsolated: true,
  });
  const answers = async () => (await fetch(`http://127.0.0.1:${port}/livez`)).ok;
  const isReady = () => answers().catch(() => false);
  const ready = waitUntilReady({ child, limitMs: 60_000, isReady });
  ready.catch(() => undefined); // killed on purpose, it may end before
  return { ...child, ready };
}
