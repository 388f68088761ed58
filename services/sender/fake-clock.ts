import type { Clock, Sleep } from './clock.ts';

/** For tests: time passes only by sleeping, and sleeping takes none. */
export function createFakeClock(startMs = Date.parse('2026-01-01T12:00:00.000Z')) {
  let elapsedMs = 0;
  const sleeps: number[] = [];
  const clock: Clock = { now: () => startMs + elapsedMs, elapsed: () => elapsedMs };
  const advance = (ms: number) => {
    elapsedMs += ms;
  };
  const sleep: Sleep = async (ms) => {
    sleeps.push(ms);
    advance(ms);
  };
  return { clock, sleep, sleeps, advance };
}
