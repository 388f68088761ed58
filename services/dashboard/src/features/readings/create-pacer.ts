import type { LiveClock } from '../stream/live-clock.ts';

interface PacerOptions {
  run: () => Promise<unknown>;
  /** From the start of one run to the start of the next. */
  intervalMs: number;
  /** How long to wait after the first request, so that requests that arrive together share a run. */
  settleMs: number;
  clock: LiveClock;
}

export interface Pacer {
  /** Requests a run. It starts after `settleMs`, but never during another run or within `intervalMs` of its start. */
  request: () => void;
  stop: () => void;
}

/** Merges requests into runs. No request is lost: a run starts after each of them. */
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
