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
  /** The share of time that the work may take, in (0, 1]: after a long run, the pause is longer than `intervalMs`. */
  maxShare?: number;
  wait?: Wait;
  clock?: () => number;
}

/** Runs the work repeatedly, with a pause of `intervalMs` after each run, until stopped. The work must not reject. */
export function repeat({
  work,
  intervalMs,
  maxShare = 1,
  wait = systemWait,
  clock = () => performance.now(),
}: RepeatOptions): { stop: () => void } {
  const stopping = new AbortController();
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      const startMs = clock();
      await work();
      const workMs = clock() - startMs;
      await wait(Math.max(intervalMs, workMs / maxShare - workMs), stopping.signal);
    }
  }
  void run();
  return { stop: () => stopping.abort() };
}
