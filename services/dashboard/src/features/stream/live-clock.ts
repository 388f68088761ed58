/** The clock and timers of the live stream; tests replace them. */
export interface LiveClock {
  now: () => number;
  /** Returns a function that cancels the call. */
  after: (delayMs: number, run: () => void) => () => void;
}

export const browserClock: LiveClock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
