import type { Clock } from '../clock.ts';

/** A clock that only `sleep` and `advance` move; sleeping takes no real time, and `every` never fires. */
export function createFakeClock(startMs = Date.parse('2026-01-01T12:00:00.000Z')) {
  let elapsedMs = 0;
  const sleeps: number[] = [];
  const advance = (ms: number) => {
    elapsedMs += ms;
  };
  const clock: Clock = {
    now: () => startMs + elapsedMs,
    elapsed: () => elapsedMs,
    sleep: async (ms) => {
      sleeps.push(ms);
      advance(ms);
    },
    every: () => () => undefined,
  };
  return { clock, sleeps, advance };
}
