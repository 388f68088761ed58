import { join } from 'node:path';
import { startChild } from '@sensor-sentinel/start/child-process.ts';
import { type HttpServer, startHttpServer } from '../system/http-server.ts';
import type { Stack } from '../system/stack.ts';

const root = join(import.meta.dirname, '../..');
const vite = [process.execPath, join(root, 'node_modules/vite/bin/vite.js')];
const site = join(root, 'services/dashboard');

interface DashboardOptions {
  apiPort: number;
  folder: string;
  stack: Stack;
}

/** The dashboard as it is built for production, in front of an API. */
export async function startDashboard({ apiPort, folder, stack }: DashboardOptions): Promise<HttpServer> {
  const built = ['--outDir', join(folder, 'dashboard')];
  const build = startChild({
    name: 'dashboard build',
    command: [...vite, 'build', site, ...built, '--emptyOutDir', '--logLevel', 'warn'],
    environment: { NODE_ENV: 'production' },
    logFile: join(folder, 'logs', 'dashboard-build.log'),
  });
  stack.defer(() => build.stop(5000));
  const how = await build.exited;
  if (how !== 'exit code 0') throw new Error(`the dashboard cannot be built (${how}): see ${build.logFile}`);
  return startHttpServer({
    name: 'dashboard',
    command: (port) => [...vite, 'preview', site, ...built, '--port', String(port)],
    environment: (port) => ({
      API_URL: `http://127.0.0.1:${apiPort}`,
      DASHBOARD_PORT: String(port),
    }),
    readyPath: '/',
    readyStatus: 200,
    folder,
    stack,
  });
}
