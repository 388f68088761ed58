import { readFileSync } from 'node:fs';
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
    return toEnvironments(started);
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

async function runToEnd(child: Child): Promise<void> {
  const how = await child.exited;
  if (how !== 'exit code 0') throw new StartError(`the ${child.name} failed (${how}): see ${child.logFile}`);
}

/** One of this project's programs, run by Node. */
interface Program {
  name: string;
  args: readonly string[];
  environment?: Environment;
  /** Whether it is done when it ends with exit code 0. */
  mayFinish?: boolean;
}

interface Launcher {
  launch: (program: Program) => Child;
  /** Starts the program again whenever it ends, from now on. */
  keepRunning: (child: Child, program: Program) => void;
}

function createLauncher({ config, say, onSpawn, signal }: StartOptions): Launcher {
  function launch({ name, args, environment = {} }: Program): Child {
    signal.throwIfAborted();
    const logFile = join(resolve(config.DATA_DIR), 'logs', `${name.replace(' ', '-')}.log`);
    const child = startChild({ name, command: [process.execPath, ...args], environment, logFile });
    onSpawn(child);
    return child;
  }
  function keepRunning(child: Child, program: Program): void {
    supervise({
      child,
      restart: () => launch(program),
      mayFinish: program.mayFinish ?? false,
      say,
      signal,
    });
  }
  return { launch, keepRunning };
}

interface LaunchOptions extends Pick<StartOptions, 'config' | 'say'> {
  launcher: Launcher;
  environments: DatabaseEnvironments;
}

async function startApi({ launcher, environments, config, say }: LaunchOptions): Promise<void> {
  say('starting the API');
  const program = {
    name: 'api',
    args: [join(root, 'services/api/main.ts')],
    environment: environments.api,
  };
  const child = launcher.launch(program);
  let modelFault: string | undefined;
  const hasAnswered = async () => {
    modelFault = await findModelFault(toApiUrl(config));
    return modelFault !== undefined;
  };
  await waitUntilReady({ child, limitMs: 60_000, isReady: hasAnswered });
  launcher.keepRunning(child, program);
  if (modelFault) say(`nothing is scored yet: ${modelFault}`);
}

async function startRetention({ launcher, environments, config, say }: LaunchOptions): Promise<void> {
  if (!(config.RETENTION_RAW ?? config.RETENTION_MINUTE ?? config.RETENTION_HOUR)) return;
  if (environments.retention === undefined) {
    say('no readings are removed: retention needs RETENTION_DATABASE_URL or DATABASE_ADMIN_URL');
    return;
  }
  say('starting retention');
  const program = {
    name: 'retention',
    args: [join(root, 'services/api/cli/retain.ts')],
    environment: environments.retention,
  };
  const child = launcher.launch(program);
  // It has no port to ask. It writes this line once it has found its settings correct.
  const isReady = async () => readFileSync(child.logFile, 'utf8').includes('retention is running');
  await waitUntilReady({ child, limitMs: 60_000, isReady });
  launcher.keepRunning(child, program);
}

function startSender({ launcher, config, say }: Omit<LaunchOptions, 'environments'>): void {
  say('starting the sender');
  const program = {
    name: 'sender',
    args: [join(root, 'services/sender/main.ts')],
    environment: { SENDER_API_URL: toApiUrl(config) },
    mayFinish: true,
  };
  launcher.keepRunning(launcher.launch(program), program);
}

/** Brings up database, API, dashboard and sender, each once the one before is ready. @throws StartError */
export async function startSystem(options: StartOptions): Promise<void> {
  const { config, say } = options;
  const launcher = createLauncher(options);
  const vite = [join(root, 'node_modules/vite/bin/vite.js')];
  const built = ['--outDir', join(resolve(config.DATA_DIR), 'dashboard')];
  const site = [join(root, 'services/dashboard'), ...built];

  say('building the dashboard');
  const build = runToEnd(
    launcher.launch({
      name: 'dashboard build',
      args: [...vite, 'build', ...site, '--emptyOutDir', '--logLevel', 'warn'],
      environment: { NODE_ENV: 'production' },
    }),
  );
  build.catch(() => undefined);
  const environments = await provideDatabase(options);
  if (environments.migration !== undefined) {
    say('bringing the tables up to date');
    const args = [join(root, 'services/api/cli/migrate.ts')];
    await runToEnd(launcher.launch({ name: 'migration', args, environment: environments.migration }));
  }
  await startApi({ launcher, environments, config, say });
  await startRetention({ launcher, environments, config, say });
  startSender({ launcher, config, say });
  await build;
  say('starting the dashboard');
  const dashboard = {
    name: 'dashboard',
    args: [...vite, 'preview', ...site],
    environment: { API_URL: toApiUrl(config) },
  };
  const child = launcher.launch(dashboard);
  const isReady = () => answersOk(`http://127.0.0.1:${config.DASHBOARD_PORT}/`);
  await waitUntilReady({ child, limitMs: 60_000, isReady });
  launcher.keepRunning(child, dashboard);
  say(`the API answers at http://localhost:${config.API_PORT}`);
  say(`open http://localhost:${config.DASHBOARD_PORT}`);
}

function toApiUrl({ API_PORT }: StartConfig): string {
  return `http://127.0.0.1:${API_PORT}`;
}
