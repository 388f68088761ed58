import { startApiChild } from '../testing/start-api.ts';

interface ReplicaOptions {
  name: string;
  directory: string;
  port: number;
  databasePort: number;
  databasePassword: string;
  /** More environment variables. */
  settings?: Readonly<Record<string, string>>;
}

const stopLimitMs = 12_000;

export type Replica = ReturnType<typeof startReplica>;

/** One of several API processes on the one database. */
export function startReplica(options: ReplicaOptions) {
  const { name, directory, port, databasePort, databasePassword, settings } = options;
  const start = () =>
    startApiChild({
      ...{ name, directory, port },
      environment: {
        ...settings,
        DATABASE_URL: `mysql://sentinel_api@127.0.0.1:${databasePort}/sentinel`,
        DATABASE_PASSWORD: databasePassword,
      },
    });
  let child = start();
  async function kill(): Promise<void> {
    child.signal('SIGKILL');
    await child.exited;
  }
  return {
    url: `http://127.0.0.1:${port}`,
    /** Resolves once the API listens. */
    ready: () => child.ready,
    kill,
    /** Sends SIGKILL and starts it again; resolves when the killed one is gone. */
    async restart(): Promise<void> {
      await kill();
      child = start();
    },
    pause: () => child.signal('SIGSTOP'),
    resume: () => child.signal('SIGCONT'),
    /** Sends SIGTERM, and SIGKILL after a while; resolves with the signal or exit code. */
    async stop(): Promise<string> {
      child.signal('SIGCONT'); // it may still be paused by a fault
      await child.stop(stopLimitMs);
      return child.exited;
    },
  };
}
