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

interface DatabaseUrls {
  apiUrl: string;
  adminUrl: string | undefined;
}

export async function requireFreePorts({ API_PORT, DASHBOARD_PORT }: LocalConfig): Promise<void> {
  for (const [variable, port] of Object.entries({ API_PORT, DASHBOARD_PORT })) {
    if (await isPortFree(port)) continue;
    throw new StartError(
      `port ${port} is in use: stop what listens there, or set ${variable} to another port`,
    );
  }
}

function toUrls({ adminUrl, apiPassword, port }: PrivateDatabase): DatabaseUrls {
  return {
    adminUrl: `${adminUrl}${database}`,
    apiUrl: `mysql://sentinel_api:${apiPassword}@127.0.0.1:${port}/${database}`,
  };
}

async function provideDatabase({ config, say, onSpawn }: StartOptions): Promise<DatabaseUrls> {
  if (config.DATABASE_URL === undefined) {
    return toUrls(await startDatabase({ directory: config.DATA_DIR, say, onSpawn }));
  }
  say('using the database that DATABASE_URL names');
  return { apiUrl: config.DATABASE_URL, adminUrl: config.DATABASE_ADMIN_URL };
}

async function answersOk(url: string): Promise<boolean> {
  try {
    return (await axios.get(url, { timeout: 2000 })).status === 200;
  } catch {
    return false;
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

  function start(name: string, args: readonly string[], environment: Record<string, string> = {}): Child {
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
    start('dashboard build', [...vite, 'build', ...site, '--emptyOutDir', '--logLevel', 'warn']),
  );
  build.catch(() => undefined);
  const urls = await provideDatabase(options);
  if (urls.adminUrl !== undefined) {
    say('bringing the tables up to date');
    const environment = { DATABASE_ADMIN_URL: urls.adminUrl, DATABASE_URL: urls.apiUrl };
    await runToEnd(start('migration', [join(root, 'services/api/migrate.ts')], environment));
  }
  say('starting the API');
  const api = start('api', [join(root, 'services/api/main.ts')], { DATABASE_URL: urls.apiUrl });
  await waitUntilReady({ child: api, limitMs: 60_000, isReady: () => answersOk(`${apiUrl}/readyz`) });
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
