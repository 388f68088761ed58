import { join } from 'node:path';
import { startChild, waitUntilReady } from '@sensor-sentinel/start/child-process.ts';
import { findFreePort } from '@sensor-sentinel/start/free-port.ts';
import type { Bench } from './bench.ts';
import { root } from './database.ts';

export interface HttpServer {
  port: number;
  pid: number;
}

interface ServerOptions {
  name: string;
  /** The port is appended to it. */
  command: readonly string[];
  environment?: (port: number) => Readonly<Record<string, string>>;
  /** Answered, with any status below 500, once it serves. */
  readyPath?: string;
}

async function isServing(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.status < 500;
  } catch {
    return false;
  }
}

export async function startServer(bench: Bench, options: ServerOptions): Promise<HttpServer> {
  const { name, command, environment, readyPath = '/' } = options;
  const port = await findFreePort();
  const logFile = join(bench.folder, 'logs', `${name}.log`);
  const child = startChild({
    ...{ name, logFile, command: [...command, String(port)] },
    environment: environment?.(port) ?? {},
  });
  bench.defer(() => child.stop(10_000));
  const url = `http://127.0.0.1:${port}${readyPath}`;
  await waitUntilReady({ child, limitMs: 60_000, isReady: () => isServing(url) });
  return { port, pid: child.pid };
}

/** The winner of cross-validation, by a name of its own so that the peers can serve the same. */
export const modelName = 'neural-network';
export const modelFile = join(root, 'model/artifacts', `${modelName}.json`);

/** The API process of a checkout, with its default settings. */
export function startApi(
  bench: Bench,
  databaseUrl: string,
  { name = 'api', checkout = root }: { name?: string; checkout?: string } = {},
): Promise<HttpServer> {
  return startServer(bench, {
    name,
    command: [process.execPath, join(checkout, 'services/api/main.ts')],
    environment: (port) => ({
      ...{ API_HOST: '127.0.0.1', API_PORT: String(port), MODEL_NAME: modelName, MODEL_DIR: '' },
      ...{ DATABASE_URL: databaseUrl, DATABASE_PASSWORD: '', DATABASE_PASSWORD_FILE: '' },
    }),
    readyPath: '/readyz',
  });
}

/** A script of `bench/` that listens on the port it is given last. */
export function startScript(bench: Bench, script: string, ...args: string[]): Promise<HttpServer> {
  const command = [process.execPath, join(import.meta.dirname, script), ...args];
  return startServer(bench, { name: script.replaceAll('/', '-'), command });
}
