import type { LiveClock } from './live-clock.ts';

interface PacerOptions {
  run: () => Promise<unknown>;
  /** From the beginning of a run to that of the next one. */
  intervalMs: number;
  /** How long to wait for what comes together with what asked first. */
  settleMs: number;
  clock: LiveClock;
}

export interface Pacer {
  /** Asks for a run: soon, but not while another is under way, nor too soon after one began. */
  request: () => void;
  stop: () => void;
}

/** Many requests become few runs; none is lost: a run begins after each of them. */
export function createPacer({ run, intervalMs, settleMs, clock }: PacerOptions): Pacer {
  let startedAt = Number.NEGATIVE_INFINITY;
  let isRunning = false;
  let isWanted = false;
  let cancel: (() => void) | null = null;

  function plan() {
    if (isRunning || cancel !== null) return;
    const delayMs = Math.max(settleMs, startedAt + intervalMs - clock.now());
    cancel = clock.after(delayMs, () => {
      cancel = null;
      void start();
    });
  }

  async function start() {
    isWanted = false;
    isRunning = true;
    startedAt = clock.now();
    try {
      await run();
    } finally {
      isRunning = false;
      if (isWanted) plan();
    }
  }

  return {
    request: () => {
      isWanted = true;
      plan();
    },
    stop: () => {
      isWanted = false;
      cancel?.();
      cancel = null;
    },
  };
}
