import { join } from 'node:path';
import { type Child, startChild } from './child.ts';

/** One of several API processes on the one database. */
export interface Replica {
  url: string;
  /** Resolves once the API listens. */
  ready: () => Promise<void>;
  /** Sends SIGKILL and starts it again; resolves when the killed one is gone. */
  restart: () => Promise<void>;
  kill: () => Promise<void>;
  pause: () => void;
  resume: () => void;
  /** Sends SIGTERM, and SIGKILL after a while; resolves with the signal or exit code. */
  stop: () => Promise<string>;
}

interface ReplicaOptions {
  name: string;
  /** The program of the API. */
  program: string;
  directory: string;
  port: number;
  databasePort: number;
  databasePassword: string;
}

const stopLimitMs = 12_000;

export const apiProgram = join(import.meta.dirname, '../../services/api/main.ts');

export function startReplica({ name, program, directory, ...options }: ReplicaOptions): Replica {
  const { port, databasePort, databasePassword } = options;
  const environment = {
    PATH: '/usr/bin:/bin',
    API_PORT: String(port),
    DATABASE_URL: `mysql://sentinel_api@127.0.0.1:${databasePort}/sentinel`,
    DATABASE_PASSWORD: databasePassword,
  };
  const spawnApi = () =>
    startChild({
      name,
      directory,
      environment,
      command: [process.execPath, program],
      readyText: '"msg":"listening"',
    });
  let child: Child = spawnApi();
  const kill = async () => {
    child.signal('SIGKILL');
    await child.exited;
  };
  return {
    url: `http://127.0.0.1:${port}`,
    ready: () => child.ready,
    kill,
    async restart() {
      await kill();
      child = spawnApi();
    },
    pause: () => child.signal('SIGSTOP'),
    resume: () => child.signal('SIGCONT'),
    async stop() {
      child.signal('SIGCONT'); // it may still be paused by a fault
      child.signal('SIGTERM');
      const force = setTimeout(() => child.signal('SIGKILL'), stopLimitMs);
      const ended = await child.exited;
      clearTimeout(force);
      return ended;
    },
  };
}
