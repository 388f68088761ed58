import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after the time, or as soon as the signal is aborted; keeps no process alive. */
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

/** Does the work again and again, with a pause after each time, until it is stopped. */
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
