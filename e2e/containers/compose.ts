import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { findFreePorts } from '../testing/free-ports.ts';

export interface Compose {
  apiUrl: string;
  dashboardUrl: string;
  /** Runs `docker compose …`; resolves with what it printed. */
  run: (...args: string[]) => Promise<string>;
}

const execute = promisify(execFile);

/** A Compose project of its own, on ports of its own, without any `.env`. */
export async function createCompose(): Promise<Compose> {
  const [apiPort, dashboardPort] = await findFreePorts(2);
  const project = ['compose', '--project-name', `sentinel-e2e-${process.pid}`, '--env-file', '/dev/null'];
  const env = { ...process.env, API_PORT: String(apiPort), DASHBOARD_PORT: String(dashboardPort) };
  return {
    apiUrl: `http://127.0.0.1:${apiPort}`,
    dashboardUrl: `http://127.0.0.1:${dashboardPort}`,
    async run(...args) {
      const options = { cwd: join(import.meta.dirname, '../..'), env, maxBuffer: 2 ** 26 };
      return (await execute('docker', [...project, ...args], options)).stdout;
    },
  };
}
