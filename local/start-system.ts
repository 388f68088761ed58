import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import axios from 'axios';
import { type Child, startChild } from './child-process.ts';
import type { LocalConfig } from './config.ts';
import { type PrivateDatabase, startDatabase } from './database/start-database.ts';
import { isPortFree } from './free-port.ts';
import { StartError } from './start-error.ts';
import { waitUntilReady } from './wait-until.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const database = 'sensor_sentinel';

export interface StartOptions {
  config: LocalConfig;
  say: (line: string) => void;
  /** Hears of every process as soon as it runs, in the order of starting. */
  onSpawn: (child: Child) => void;
}

type Environment = Record<string, string>;

/** What the API, the migration and retention are told of the database; undefined without an account for it. */
interface DatabaseEnvironments {
  api: Environment;
  migration: Environment | undefined;
  retention: Environment | undefined;
}

/** The private database has its own passwords: those that `.env` gives for another one do not count. */
const noOtherPasswords = {
  DATABASE_PASSWORD: '',
  DATABASE_PASSWORD_FILE: '',
  DATABASE_ADMIN_PASSWORD_FILE: '',
  RETENTION_DATABASE_PASSWORD: '',
  RETENTION_DATABASE_PASSWORD_FILE: '',
};

export async function requireFreePorts({ API_PORT, DASHBOARD_PORT }: LocalConfig): Promise<void> {
  for (const [variable, port] of Object.entries({ API_PORT, DASHBOARD_PORT })) {
    if (await isPortFree(port)) continue;
    throw new StartError(
      `port ${port} is in use: stop what listens there, or set ${variable} to another port`,
    );
  }
}

function toEnvironments(privateDatabase: PrivateDatabase): DatabaseEnvironments {
  const { adminUrl, apiPassword, retentionPassword, port } = privateDatabase;
  const urlAs = (user: string, password: string) =>
    `mysql://${user}:${password}@127.0.0.1:${port}/${database}`;
  const api = { ...noOtherPasswords, DATABASE_URL: urlAs('sentinel_api', apiPassword) };
  const retention = {
    ...noOtherPasswords,
    RETENTION_DATABASE_URL: urlAs('sentinel_retention', retentionPassword),
  };
  const admin = { DATABASE_ADMIN_URL: `${adminUrl}${database}` };
  return { api, migration: { ...api, ...admin, RETENTION_DATABASE_PASSWORD: retentionPassword }, retention };
}

async function provideDatabase({ config, say, onSpawn }: StartOptions): Promise<DatabaseEnvironments> {
  const { DATABASE_URL, DATABASE_ADMIN_URL, RETENTION_DATABASE_URL, DATA_DIR } = config;
  if (DATABASE_URL === undefined)
    return toEnvironments(await startDatabase({ directory: DATA_DIR, say, onSpawn }));
  say('using the database that DATABASE_URL names');
  const migration = DATABASE_ADMIN_URL === undefined ? undefined : { DATABASE_URL, DATABASE_ADMIN_URL };
  const retention = RETENTION_DATABASE_URL === undefined ? migration : { RETENTION_DATABASE_URL };
  return { api: { DATABASE_URL }, migration, retention };
}

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await axios.get(url, { timeout: 2000 })).status === 200;
  } catch {
    return false;
  }
}

/** What the API says of itself: why nothing can be scored, the empty string when all is well, undefined before it knows. */
async function findModelFault(apiUrl: string): Promise<string | undefined> {
  try {
    const { data, status } = await axios.get(`${apiUrl}/readyz`, {
      timeout: 2000,
      validateStatus: () => true,
    });
    if (status === 200) return '';
    return data?.type === 'urn:sensor-sentinel:problem:model_unavailable' ? String(data.detail) : undefined;
  } catch {
    return undefined;
  }
}

async function runToEnd(child: Child): Promise<void> {
  const how = await child.exited;
  if (how !== 'exit code 0') throw new StartError(`the ${child.name} failed (${how}): see ${child.logFile}`);
}

/** Brings up database, API, dashboard and sender, each once the one before is ready. @throws StartError */
export async function startSystem(options: StartOptions): Promise<void> {
  const { config, say, onSpawn } = options;
  const apiUrl = `http://127.0.0.1:${config.API_PORT}`;
  const dashboardUrl = `http://localhost:${config.DASHBOARD_PORT}`;

  function start(name: string, args: readonly string[], environment: Environment = {}): Child {
    const logFile = join(resolve(config.DATA_DIR), 'logs', `${name.replace(' ', '-')}.log`);
    const child = startChild({ name, command: [process.execPath, ...args], environment, logFile });
    onSpawn(child);
    return child;
  }
  const vite = [join(root, 'node_modules/vite/bin/vite.js')];
  const built = ['--outDir', join(resolve(config.DATA_DIR), 'dashboard')];
  const site = [join(root, 'services/dashboard'), ...built];

  say('building the dashboard');
  const build = runToEnd(
    start('dashboard build', [...vite, 'build', ...site, '--emptyOutDir', '--logLevel', 'warn'], {
      NODE_ENV: 'production',
    }),
  );
  build.catch(() => undefined);
  const environments = await provideDatabase(options);
  if (environments.migration !== undefined) {
    say('bringing the tables up to date');
    await runToEnd(start('migration', [join(root, 'services/api/migrate.ts')], environments.migration));
  }
  say('starting the API');
  const api = start('api', [join(root, 'services/api/main.ts')], environments.api);
  let modelFault: string | undefined;
  const hasAnswered = async () => {
    modelFault = await findModelFault(apiUrl);
    return modelFault !== undefined;
  };
  await waitUntilReady({ child: api, limitMs: 60_000, isReady: hasAnswered });
  if (modelFault) say(`nothing is scored yet: ${modelFault}`);
  if (config.RETENTION_RAW ?? config.RETENTION_MINUTE ?? config.RETENTION_HOUR) {
    if (environments.retention === undefined)
      say('no readings are removed: retention needs RETENTION_DATABASE_URL or DATABASE_ADMIN_URL');
    else start('retention', [join(root, 'services/api/retain.ts')], environments.retention);
  }
  say('starting the sender');
  start('sender', [join(root, 'services/sender/main.ts')], { SENDER_API_URL: apiUrl });
  await build;
  say('starting the dashboard');
  const dashboard = start('dashboard', [...vite, 'preview', ...site], { API_URL: apiUrl });
  const isReady = () => answersOk(`http://127.0.0.1:${config.DASHBOARD_PORT}/`);
  await waitUntilReady({ child: dashboard, limitMs: 60_000, isReady });
  say(`the API answers at http://localhost:${config.API_PORT}`);
  say(`open ${dashboardUrl}`);
}
