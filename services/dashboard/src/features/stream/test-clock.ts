import type { LiveClock } from './live-clock.ts';

interface TestClock extends LiveClock {
  /** Advances the time and runs the timers that are due. */
  advance: (ms: number) => Promise<void>;
}

interface Timer {
  at: number;
  run: () => void;
}

/** A clock that only moves when a test advances it. */
export function createTestClock(): TestClock {
  let nowMs = 0;
  const timers = new Set<Timer>();

  function findNext(untilMs: number): Timer | undefined {
    const due = [...timers].filter(({ at }) => at <= untilMs);
    return due.toSorted((a, b) => a.at - b.at)[0];
  }

  return {
    now: () => nowMs,
    after: (delayMs, run) => {
      const timer = { at: nowMs + delayMs, run };
      timers.add(timer);
      return () => timers.delete(timer);
    },
    advance: async (ms) => {
      const untilMs = nowMs + ms;
      for (let timer = findNext(untilMs); timer !== undefined; timer = findNext(untilMs)) {
        timers.delete(timer);
        nowMs = timer.at;
        timer.run();
        // Lets promises settle before the next timer runs.
        for (let turn = 0; turn < 5; turn++) await Promise.resolve();
      }
      nowMs = untilMs;
    },
  };
}
