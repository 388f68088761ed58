import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { StartError } from './start-error.ts';

export interface Child {
  name: string;
  pid: number;
  logFile: string;
  /** Resolves when the process is gone, with what ended it. */
  exited: Promise<string>;
  hasExited: () => boolean;
  signal: (signal: NodeJS.Signals) => void;
  /** Asks it to stop; ends it by force after the time limit. */
  stop: (limitMs: number) => Promise<void>;
}

interface StartOptions {
  name: string;
  command: readonly string[];
  environment?: Readonly<Record<string, string>>;
  /** Whether it gets no other environment variables; by default, it also gets those of this process. */
  isIsolated?: boolean;
  directory?: string;
  logFile: string;
}

/**
 * Starts a process in a group of its own, so that Ctrl-C reaches only the one who started it,
 * which then stops the others in their order.
 */
export function startChild(options: StartOptions): Child {
  const { name, command, environment = {}, isIsolated = false, directory, logFile } = options;
  const [program = '', ...args] = command;
  mkdirSync(dirname(logFile), { recursive: true });
  // Appends, so that what is written after the log was truncated begins at its start.
  const log = openSync(logFile, 'a');
  const child = spawn(program, args, {
    env: isIsolated ? environment : { ...process.env, ...environment },
    cwd: directory,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  let gone = false;
  const exited = new Promise<string>((resolve) => {
    const settle = (how: string) => {
      gone = true;
      resolve(how);
    };
    child.once('exit', (code, signal) => settle(signal ?? `exit code ${code}`));
    child.once('error', (error) => settle(error.message));
  });
  return {
    name,
    pid: child.pid ?? 0,
    logFile,
    exited,
    hasExited: () => gone,
    signal: (signal) => void child.kill(signal),
    async stop(limitMs) {
      if (gone) return;
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), limitMs);
      await exited;
      clearTimeout(force);
    },
  };
}

interface WaitOptions {
  child: Child;
  limitMs: number;
  isReady: () => Promise<boolean>;
}

/** Waits for a process to be ready. @throws StartError when it ends or the time runs out */
export async function waitUntilReady({ child, limitMs, isReady }: WaitOptions): Promise<void> {
  const end = Date.now() + limitMs;
  while (!(await isReady())) {
    if (child.hasExited()) {
      throw new StartError(`the ${child.name} ended (${await child.exited}): see ${child.logFile}`);
    }
    if (Date.now() > end) {
      throw new StartError(
        `the ${child.name} was not ready within ${limitMs / 1000} s: see ${child.logFile}`,
      );
    }
    await delay(50);
  }
}
