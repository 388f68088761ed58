import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after `ms` or when the signal is aborted. Does not keep the process alive. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

const systemWait: Wait = (ms, signal) =>
  delay(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });

interface RepeatOptions {
  work: () => Promise<void>;
  intervalMs: number;
  wait?: Wait;
}

/** Runs the work repeatedly, with a pause of `intervalMs` after each run, until stopped. The work must not reject. */
export function repeat({ work, intervalMs, wait = systemWait }: RepeatOptions): {
  stop: () => void;
} {
  const stopping = new AbortController();
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await work();
      await wait(intervalMs, stopping.signal);
    }
  }
  void run();
  return { stop: () => stopping.abort() };
}
