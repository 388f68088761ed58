import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePort } from '@sensor-sentinel/start/free-port.ts';
import { z } from 'zod';
import { waitUntil } from '../testing/wait-until.ts';

export interface Compose {
  apiUrl: string;
  dashboardUrl: string;
  /** Runs `docker compose …`; resolves with what it printed. */
  run: (...args: string[]) => Promise<string>;
  /** Runs `docker …`; resolves with what it printed. */
  docker: (...args: string[]) => Promise<string>;
  /** The same project with further environment variables. */
  withSettings: (added: Readonly<Record<string, string>>) => Compose;
}

const containerSchema = z.object({
  ID: z.string(),
  Name: z.string(),
  Service: z.string(),
  State: z.string(),
  Health: z.string(),
  Publishers: z.array(z.object({ URL: z.string(), PublishedPort: z.int() })).nullable(),
});

const execute = promisify(execFile);

interface ComposeOptions {
  /** A Compose file that changes or adds to the project's own. */
  override?: string;
  /** In place of `.env`. */
  envFile?: string;
}

const root = join(import.meta.dirname, '../..');

/** A Compose project of its own, on ports of its own, without the `.env` of the checkout. */
export async function createCompose({ override, envFile }: ComposeOptions = {}): Promise<Compose> {
  const [apiPort, dashboardPort] = [await findFreePort(), await findFreePort()];
  const files = [join(root, 'docker-compose.yml'), ...(override === undefined ? [] : [override])];
  const project = [
    ...['compose', '--project-name', `sentinel-e2e-${process.pid}`, '--env-file', envFile ?? '/dev/null'],
    ...files.flatMap((file) => ['--file', file]),
  ];
  const ports = { API_PORT: String(apiPort), DASHBOARD_PORT: String(dashboardPort) };
  const toCompose = (settings: Readonly<Record<string, string>>): Compose => {
    const options = { cwd: root, env: { ...process.env, ...settings }, maxBuffer: 2 ** 26 };
    const docker = async (...args: string[]) => (await execute('docker', args, options)).stdout;
    return {
      apiUrl: `http://127.0.0.1:${apiPort}`,
      dashboardUrl: `http://127.0.0.1:${dashboardPort}`,
      run: (...args) => docker(...project, ...args),
      docker,
      withSettings: (added) => toCompose({ ...settings, ...added }),
    };
  };
  return toCompose(ports);
}

const limitsSchema = z.object({ Memory: z.int(), CpuQuota: z.int(), PidsLimit: z.int().nullable() });

/** What the engine limits a container to; 0 or null: no limit. */
export async function findLimits({ docker }: Compose, containerId: string) {
  return limitsSchema.parse(
    JSON.parse(await docker('inspect', '--format', '{{json .HostConfig}}', containerId)),
  );
}

/** The containers of the project, or of one of its services, also those that have ended. */
export async function listContainers({ run }: Compose, ...services: string[]) {
  const lines = (await run('ps', '--all', '--format', 'json', ...services)).trim().split('\n');
  return lines.filter(Boolean).map((line) => containerSchema.parse(JSON.parse(line)));
}

export async function waitUntilHealthy(compose: Compose, signal: AbortSignal): Promise<void> {
  const services = new Set(['db', 'api', 'sender', 'dashboard']);
  await waitUntil(async () => {
    const containers = (await listContainers(compose)).filter(({ Service }) => services.has(Service));
    const healthy = containers.filter(({ Health }) => Health === 'healthy');
    return healthy.length === containers.length && new Set(healthy.map(({ Service }) => Service)).size === 4;
  }, signal);
}

/** SIGKILL from outside, as the kernel sends it when memory runs out: Docker's own `kill` would keep it from restarting. */
export async function killProcess({ docker }: Compose, containerId: string): Promise<void> {
  const [pid = '', image = ''] = (
    await docker('inspect', '--format', '{{.State.Pid}} {{.Image}}', containerId)
  )
    .trim()
    .split(' ');
  const kill = ['sh', '-c', 'kill -9 "$0"', pid];
  await docker('run', '--rm', '--pid', 'host', '--user', 'root', '--network', 'none', image, ...kill);
}
