import { setTimeout as delay } from 'node:timers/promises';

/** Waits for a condition; a fault while asking counts as not yet. The test's own time limit ends the wait. */
export async function waitUntil(isTrue: () => Promise<boolean>, signal: AbortSignal): Promise<void> {
  while (!(await isTrue().catch(() => false))) {
    signal.throwIfAborted();
    await delay(100, undefined, { signal });
  }
}
