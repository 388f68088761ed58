import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findFreePorts } from './free-ports.ts';

export interface LocalSystem {
  child: ChildProcess;
  apiUrl: string;
  dashboardUrl: string;
  directory: string;
  environment: Readonly<Record<string, string>>;
  /** Everything that it has said so far. */
  output: () => string;
  /** Resolves once it has said this. Rejects, with all that it said, if it ends before. */
  said: (text: string) => Promise<void>;
  exited: Promise<number | null>;
  /** Asks it to stop and waits for that. */
  stop: () => Promise<void>;
  /** Removes its data. */
  remove: () => void;
}

/** Where a system is to run that disturbs no other: ports and a data directory of its own. */
export async function createPlace(): Promise<Record<string, string>> {
  const [apiPort, dashboardPort] = await findFreePorts(2);
  return {
    API_PORT: String(apiPort),
    DASHBOARD_PORT: String(dashboardPort),
    DATA_DIR: mkdtempSync(join(tmpdir(), 'sensor-sentinel-e2e-')),
  };
}

/** What `npm start` runs, in the place that the environment names. */
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
      exited.then(() => reject(new Error(`it ended without saying "${text}":\n${output}`)));
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
