import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from './child-process.ts';

interface Backoff {
  firstDelayMs: number;
  maxDelayMs: number;
  /** A process that has run this long is started again after the first delay, whatever the last one was. */
  resetAfterMs: number;
}

interface SuperviseOptions {
  /** The running process. */
  child: Child;
  /** Starts the process again. */
  restart: () => Child;
  /** Whether the process is done when it ends with exit code 0; it is started again otherwise. */
  mayFinish?: boolean;
  say: (line: string) => void;
  /** Ends the supervision, also during a delay; nothing is started from then on. */
  signal: AbortSignal;
  backoff?: Backoff;
}

const defaultBackoff: Backoff = { firstDelayMs: 500, maxDelayMs: 30_000, resetAfterMs: 60_000 };

/** Starts a process again whenever it ends, after a delay that doubles each time. Resolves when it is done or stopped. */
export async function supervise(options: SuperviseOptions): Promise<void> {
  const { child, restart, mayFinish = false, say, signal, backoff = defaultBackoff } = options;
  const { name, logFile } = child;
  let delayMs = backoff.firstDelayMs;
  let exited = child.exited;
  for (;;) {
    const startedAt = performance.now();
    const how = await exited;
    if (signal.aborted) return;
    if (mayFinish && how === 'exit code 0') return say(`the ${name} has finished; its log is ${logFile}`);
    if (performance.now() - startedAt >= backoff.resetAfterMs) delayMs = backoff.firstDelayMs;
    say(`the ${name} ended (${how}): starting it again in ${delayMs / 1000} s; its log is ${logFile}`);
    await delay(delayMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    exited = runToItsEnd(restart);
    delayMs = Math.min(2 * delayMs, backoff.maxDelayMs);
  }
}

/** How the process ended. One that cannot be started, for example because the disk is full, counts as ended. */
async function runToItsEnd(start: () => Child): Promise<string> {
  try {
    return await start().exited;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
