import { spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';

export interface Child {
  /** Resolves once the process has logged that it is ready. Rejects if it exits before. */
  ready: Promise<void>;
  /** Resolves with the signal or exit code that ended the process. */
  exited: Promise<string>;
  hasExited: () => boolean;
  signal: (signal: NodeJS.Signals) => void;
}

interface StartOptions {
  name: string;
  command: readonly [string, ...string[]];
  directory: string;
  /** The whole environment of the process; by default that of this one. */
  environment?: Readonly<Record<string, string>>;
  readyText: string;
}

/** Starts a process that logs to `<name>.log` in the directory. */
export function startChild({ name, command, directory, environment, readyText }: StartOptions): Child {
  const [program, ...args] = command;
  const child = spawn(program, args, {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(environment && { env: environment }),
  });
  let gone = false;
  const exited = new Promise<string>((resolve) => {
    const settle = (how: string) => {
      gone = true;
      resolve(how);
    };
    child.once('exit', (code, signal) => settle(signal ?? `exit code ${code}`));
    child.once('error', (error) => settle(error.message));
  });
  const ready = new Promise<void>((resolve, reject) => {
    let unread = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (text: string) => {
        appendFileSync(`${directory}/${name}.log`, text);
        unread = (unread + text).slice(-2000);
        if (unread.includes(readyText)) resolve();
      });
    }
    exited.then((how) => reject(new Error(`${name} ended before it was ready (${how}): ${unread}`)));
  });
  ready.catch(() => undefined); // killed on purpose, it may end before
  return { ready, exited, hasExited: () => gone, signal: (signal) => void child.kill(signal) };
}
