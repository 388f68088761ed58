import { setTimeout as delay } from 'node:timers/promises';

/** All times are in milliseconds. Tests bring a clock of their own. */
export interface Clock {
  /** Unix time. */
  now: () => number;
  /** Monotonic, for measuring; its zero is arbitrary. */
  elapsed: () => number;
  /** Resolves early, and never rejects, when the signal is aborted. */
  sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Repeats the action until the returned function is called. */
  every: (ms: number, action: () => void) => () => void;
}

export const systemClock: Clock = {
  now: () => Date.now(),
  elapsed: () => performance.now(),
  sleep: (ms, signal) =>
    delay(ms, undefined, { signal }).catch((error: unknown) => {
      if (!signal.aborted) throw error;
    }),
  every(ms, action) {
    const timer = setInterval(action, ms);
    return () => clearInterval(timer);
  },
};
