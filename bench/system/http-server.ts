import { join } from 'node:path';
import { type Child, startChild } from '@sensor-sentinel/start/child-process.ts';
import { findFreePort } from '@sensor-sentinel/start/free-port.ts';
import { waitUntilReady } from '@sensor-sentinel/start/wait-until.ts';
import type { Stack } from './stack.ts';

export interface HttpServer {
  name: string;
  port: number;
  pid: number;
}

interface StartOptions {
  name: string;
  /** The command, told the port. */
  command: (port: number) => readonly string[];
  environment?: (port: number) => Readonly<Record<string, string>>;
  /** What is answered, with any status, once it serves. */
  readyPath: string;
  readyStatus?: number;
  folder: string;
  stack: Stack;
}

async function isServing(url: string, status: number | undefined): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return status === undefined || response.status === status;
  } catch {
    return false;
  }
}

export async function startHttpServer(options: StartOptions): Promise<HttpServer> {
  const { name, readyPath, readyStatus, folder, stack } = options;
  const port = await findFreePort();
  const child: Child = startChild({
    name,
    command: options.command(port),
    environment: options.environment?.(port) ?? {},
    logFile: join(folder, 'logs', `${name}.log`),
  });
  stack.defer(() => child.stop(10_000));
  const url = `http://127.0.0.1:${port}${readyPath}`;
  await waitUntilReady({ child, limitMs: 60_000, isReady: () => isServing(url, readyStatus) });
  return { name, port, pid: child.pid };
}

const root = join(import.meta.dirname, '../..');

/** The winner of cross-validation, named so that the peers can serve the same. */
export const benchModelName = 'neural-network';

interface ApiOptions {
  databaseUrl: string;
  folder: string;
  stack: Stack;
  name?: string;
  /** The checkout whose API it is. */
  checkout?: string;
}

/** The real API process, with its default settings. */
export function startApi(options: ApiOptions): Promise<HttpServer> {
  const { databaseUrl, folder, stack, name = 'api', checkout = root } = options;
  return startHttpServer({
    name,
    command: () => [process.execPath, join(checkout, 'services/api/main.ts')],
    environment: (port) => ({
      API_HOST: '127.0.0.1',
      API_PORT: String(port),
      DATABASE_URL: databaseUrl,
      DATABASE_PASSWORD: '',
      DATABASE_PASSWORD_FILE: '',
      MODEL_NAME: benchModelName,
      MODEL_DIR: '',
    }),
    readyPath: '/readyz',
    readyStatus: 200,
    folder,
    stack,
  });
}
