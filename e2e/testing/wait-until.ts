import { setTimeout as delay } from 'node:timers/promises';

/** Polls a condition; a rejection counts as false. The signal of the test ends the wait. */
export async function waitUntil(isTrue: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await isTrue().catch(() => false))) {
    signal.throwIfAborted();
    await delay(100, undefined, { signal });
  }
}
