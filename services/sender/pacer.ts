import type { Clock, Sleep } from './clock.ts';

/** How far behind its schedule a replay may catch up at once; a longer delay moves the schedule. */
export const maxLagMs = 1000;

type Pace = { rowsPerSecond: number; clock: Clock; sleep: Sleep; stop: AbortSignal };

/**
 * An open schedule: row k is due at start + k / rate, however long the answers take. Rate 0 has no schedule.
 */
export function createPacer({ rowsPerSecond, clock, sleep, stop }: Pace): () => Promise<void> {
  if (rowsPerSecond === 0) return async () => undefined;
  const intervalMs = 1000 / rowsPerSecond;
  let startedAt: number | undefined;
  let row = 0;
  return async () => {
    const now = clock.elapsed();
    startedAt ??= now;
    const lagMs = now - (startedAt + row * intervalMs);
    if (lagMs > maxLagMs) startedAt += lagMs - maxLagMs;
    const dueAt = startedAt + row * intervalMs;
    row += 1;
    if (dueAt > now) await sleep(dueAt - now, stop);
  };
}
