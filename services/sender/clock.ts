import { setTimeout as delay } from 'node:timers/promises';

/** `now` is the time of day; `elapsed` never jumps and is for measuring. Both in milliseconds. */
export type Clock = { now: () => number; elapsed: () => number };

/** Resolves, and never rejects, as soon as the signal is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

export const systemClock: Clock = { now: () => Date.now(), elapsed: () => performance.now() };

export const systemSleep: Sleep = (ms, signal) =>
  delay(ms, undefined, { signal }).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
