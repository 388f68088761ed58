import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePort } from '@sensor-sentinel/start/free-port.ts';

export interface LocalSystem {
  child: ChildProcess;
  apiUrl: string;
  dashboardUrl: string;
  directory: string;
  environment: Readonly<Record<string, string>>;
  /** Its output so far. */
  output: () => string;
  /** Resolves once its output has this text. Rejects, with the output, if it exits before. */
  said: (text: string) => Promise<void>;
  exited: Promise<number | null>;
  /** Sends SIGTERM and waits for the exit. */
  stop: () => Promise<void>;
  /** Removes its data. */
  remove: () => void;
}

/** Free ports and a temporary data directory, as environment variables. */
export async function createPlace(): Promise<Record<string, string>> {
  return {
    API_PORT: String(await findFreePort()),
    DASHBOARD_PORT: String(await findFreePort()),
    DATA_DIR: mkdtempSync(join(tmpdir(), 'sensor-sentinel-e2e-')),
  };
}

/** Runs `npm start` with these environment variables. */
export function startLocalSystem(environment: Record<string, string>): LocalSystem {
  const root = join(import.meta.dirname, '../..');
  const child = spawn(process.execPath, ['start/main.ts'], {
    cwd: root,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  const watchers = new Set<() => void>();
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      for (const watch of watchers) watch();
    });
  }
  const exited = once(child, 'close').then(([code]) => code as number | null);
  const said = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const watch = () => {
        if (output.includes(text)) resolve();
      };
      watchers.add(watch);
      watch();
      exited.then(() => reject(new Error(`it exited without printing "${text}":\n${output}`)));
    });
  const directory = environment.DATA_DIR ?? '';
  return {
    child,
    apiUrl: `http://127.0.0.1:${environment.API_PORT}`,
    dashboardUrl: `http://127.0.0.1:${environment.DASHBOARD_PORT}`,
    directory,
    environment,
    output: () => output,
    said,
    exited,
    async stop() {
      child.kill('SIGTERM');
      await exited;
    },
    remove: () => rmSync(directory, { recursive: true, force: true }),
  };
}
