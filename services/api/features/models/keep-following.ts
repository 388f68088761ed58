import { setTimeout as delay } from 'node:timers/promises';

/** Resolves after the time, or as soon as the signal is aborted; keeps no process alive. */
export type Wait = (ms: number, signal: AbortSignal) => Promise<void>;

const systemWait: Wait = (ms, signal) =>
  delay(ms, undefined, { signal, ref: false }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });

interface KeepFollowingOptions {
  follow: () => Promise<void>;
  intervalMs: number;
  wait?: Wait;
}

/** Follows again and again, one at a time, until it is stopped. */
export function keepFollowing({ follow, intervalMs, wait = systemWait }: KeepFollowingOptions): {
  stop: () => void;
} {
  const stopping = new AbortController();
  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await follow();
      await wait(intervalMs, stopping.signal);
    }
  }
  void run();
  return { stop: () => stopping.abort() };
}
