/** Time as the live stream sees it. */
export interface LiveClock {
  now: () => number;
  /** Returns what calls it off. */
  after: (delayMs: number, run: () => void) => () => void;
}

export const browserClock: LiveClock = {
  now: () => Date.now(),
  after: (delayMs, run) => {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};
