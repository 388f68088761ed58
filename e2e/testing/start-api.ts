import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import mysql from 'mysql2/promise';
import { type Child, startChild } from './child.ts';
import { findFreePorts } from './free-ports.ts';

const api = join(import.meta.dirname, '../../services/api');
const apiPassword = 'only-for-tests';

export interface RunningApi {
  port: number;
  url: string;
  /** The API's database, with an administrator's account. */
  databaseUrl: string;
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
  /** Another main file of the API. */
  program?: string | undefined;
}

/** An API process on an empty database of a real server. */
export async function startApi({ adminUrl, directory, settings, program }: ApiOptions): Promise<RunningApi> {
  const schema = `test_${randomBytes(8).toString('hex')}`;
  const databaseUrl = new URL(schema, adminUrl);
  const environment = { PATH: '/usr/bin:/bin', DATABASE_PASSWORD: apiPassword };
  execFileSync(process.execPath, [join(api, 'cli/migrate.ts')], {
    env: { ...environment, DATABASE_ADMIN_URL: databaseUrl.href },
  });
  const [port = 0] = await findFreePorts(1);
  const child = startChild({
    ...{ name: 'api', directory, readyText: '"msg":"listening"' },
    command: [process.execPath, program ?? join(api, 'main.ts')],
    environment: {
      ...environment,
      ...settings,
      API_PORT: String(port),
      DATABASE_URL: `mysql://sentinel_api@${databaseUrl.host}/${schema}`,
    },
  });
  await child.ready;
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    databaseUrl: databaseUrl.href,
    process: child,
    async stop() {
      child.signal('SIGTERM');
      const ended = await child.exited;
      const connection = await mysql.createConnection(databaseUrl.href);
      await connection.query('DROP DATABASE ??', [schema]);
      await connection.end();
      return ended;
    },
  };
}
