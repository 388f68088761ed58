import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import axios from 'axios';
import { type Child, startChild, waitUntilReady } from './child-process.ts';
import type { StartConfig } from './config.ts';
import { type PrivateDatabase, startDatabase } from './database/start-database.ts';
import { isPortFree } from './free-port.ts';
import { StartError } from './start-error.ts';
import { supervise } from './supervise.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const database = 'sensor_sentinel';

export interface StartOptions {
  config: StartConfig;
  say: (line: string) => void;
  /** Called with every process as soon as it runs, restarted ones included. */
  onSpawn: (child: Child) => void;
  /** Aborted when the system stops: nothing is started from then on. */
  signal: AbortSignal;
}

type Environment = Record<string, string>;

/** The database variables of the API, the migration and retention; undefined without an account for that program. */
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

export async function requireFreePorts({ API_PORT, DASHBOARD_PORT }: StartConfig): Promise<void> {
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

export const databaseFile = 'database.env';

/** For commands such as `npm run rescore`, which use the private database while it runs if they are given no other. */
function writeDatabaseFile(directory: string, { migration, retention }: DatabaseEnvironments): void {
  const lines = Object.entries({ ...retention, ...migration }).map(([name, value]) => `${name}=${value}\n`);
  writeFileSync(join(directory, databaseFile), lines.join(''), { mode: 0o600 });
}

async function provideDatabase({
  config,
  say,
  onSpawn,
  signal,
}: StartOptions): Promise<DatabaseEnvironments> {
  const { DATABASE_URL, DATABASE_ADMIN_URL, RETENTION_DATABASE_URL, DATA_DIR } = config;
  if (DATABASE_URL === undefined) {
    const started = await startDatabase({ directory: DATA_DIR, say, onSpawn });
    supervise({ child: started.child, restart: started.restart, say, signal });
    const environments = toEnvironments(started);
    writeDatabaseFile(DATA_DIR, environments);
    return environments;
  }
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

/** One of this project's programs, run by Node. */
interface Program {
  name: string;
  args: readonly string[];
  environment: Environment;
}

function launch({ name, args, environment }: Program, { config, onSpawn, signal }: StartOptions): Child {
  signal.throwIfAborted();
  const logFile = join(resolve(config.DATA_DIR), 'logs', `${name.replace(' ', '-')}.log`);
  const child = startChild({ name, command: [process.execPath, ...args], environment, logFile });
  onSpawn(child);
  return child;
}

/** @throws StartError if it fails */
async function runToEnd(program: Program, options: StartOptions): Promise<void> {
  const { name, logFile, exited } = launch(program, options);
  const how = await exited;
  if (how !== 'exit code 0') throw new StartError(`the ${name} failed (${how}): see ${logFile}`);
}

const progressIntervalMs = 1000;

/** Brings the tables up to date, and shows the progress of an upgrade. @throws StartError if it fails */
async function migrate(environment: Environment, options: StartOptions): Promise<void> {
  options.say('bringing the tables up to date');
  const args = [join(root, 'services/api/cli/migrate.ts')];
  const migration = launch({ name: 'migration', args, environment }, options);
  let shown = statSync(migration.logFile).size;
  function showProgress(): void {
    const added = readFileSync(migration.logFile).subarray(shown);
    const lines = added.subarray(0, added.lastIndexOf('\n') + 1);
    shown += lines.length;
    for (const line of lines.toString().split('\n')) {
      if (/^(upgrading|copying|upgraded) /.test(line)) options.say(line);
    }
  }
  const timer = setInterval(showProgress, progressIntervalMs);
  const how = await migration.exited;
  clearInterval(timer);
  showProgress();
  if (how !== 'exit code 0') throw new StartError(`the migration failed (${how}): see ${migration.logFile}`);
}

interface Service extends Program {
  isReady: (child: Child) => Promise<boolean>;
  /** Whether it is done when it ends with exit code 0. */
  mayFinish?: boolean;
}

/** Starts a program and, once it is ready, starts it again whenever it ends. @throws StartError */
async function startService(service: Service, options: StartOptions): Promise<void> {
  const { isReady, mayFinish = false } = service;
  const { say, signal } = options;
  const child = launch(service, options);
  await waitUntilReady({ child, limitMs: 60_000, isReady: () => isReady(child) });
  supervise({ child, restart: () => launch(service, options), mayFinish, say, signal });
}

async function startApi(environment: Environment, options: StartOptions): Promise<void> {
  options.say('starting the API');
  let modelFault: string | undefined;
  const isReady = async () => {
    modelFault = await findModelFault(toApiUrl(options.config));
    return modelFault !== undefined;
  };
  const args = [join(root, 'services/api/main.ts')];
  await startService({ name: 'api', args, environment, isReady }, options);
  if (modelFault) options.say(`nothing is scored yet: ${modelFault}`);
}

async function startRetention(environment: Environment | undefined, options: StartOptions): Promise<void> {
  const { config, say } = options;
  const { RETENTION_RAW, RETENTION_MINUTE, RETENTION_HOUR, RETENTION_INCIDENTS } = config;
  if (!(RETENTION_RAW ?? RETENTION_MINUTE ?? RETENTION_HOUR ?? RETENTION_INCIDENTS)) return;
  if (environment === undefined) {
    say('no readings are removed: retention needs RETENTION_DATABASE_URL or DATABASE_ADMIN_URL');
    return;
  }
  say('starting retention');
  const args = [join(root, 'services/api/cli/retain.ts')];
  // It has no port to ask. It writes this line once it has found its settings correct.
  const isReady = async (child: Child) =>
    readFileSync(child.logFile, 'utf8').includes('retention is running');
  await startService({ name: 'retention', args, environment, isReady }, options);
}

/** Brings up database, API, dashboard and sender, each once the one before is ready. @throws StartError */
export async function startSystem(options: StartOptions): Promise<void> {
  const { config, say } = options;
  const vite = join(root, 'node_modules/vite/bin/vite.js');
  const built = ['--outDir', join(resolve(config.DATA_DIR), 'dashboard')];
  const site = [join(root, 'services/dashboard'), ...built];

  say('building the dashboard');
  const build = runToEnd(
    {
      name: 'dashboard build',
      args: [vite, 'build', ...site, '--emptyOutDir', '--logLevel', 'warn'],
      environment: { NODE_ENV: 'production' },
    },
    options,
  );
  build.catch(() => undefined);
  const environments = await provideDatabase(options);
  if (environments.migration !== undefined) await migrate(environments.migration, options);
  await startApi(environments.api, options);
  await startRetention(environments.retention, options);
  say('starting the sender');
  const sender = {
    name: 'sender',
    args: [join(root, 'services/sender/main.ts')],
    environment: { SENDER_API_URL: toApiUrl(config) },
    isReady: async () => true,
    mayFinish: true,
  };
  await startService(sender, options);
  await build;
  say('starting the dashboard');
  const dashboard = {
    name: 'dashboard',
    args: [vite, 'preview', ...site],
    environment: { API_URL: toApiUrl(config) },
    isReady: () => answersOk(`http://127.0.0.1:${config.DASHBOARD_PORT}/`),
  };
  await startService(dashboard, options);
  say(`the API answers at http://localhost:${config.API_PORT}`);
  say(`open http://localhost:${config.DASHBOARD_PORT}`);
}

function toApiUrl({ API_PORT }: StartConfig): string {
  return `http://127.0.0.1:${API_PORT}`;
}
