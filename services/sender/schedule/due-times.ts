import type { Clock } from '../clock.ts';
import type { Draw } from './uniform.ts';

export type DueOptions = {
  clock: Clock;
  /** Rows per second; 0: as fast as they are answered. */
  rate: number;
  /** Of all senders together, or of this one. */
  rateOf: 'total' | 'sender';
  /** Rows go in the time of the file, so many times as fast; 0: by the rate. */
  speed: number;
  /** Up to so much of the spacing earlier or later. */
  jitter: number;
  draw: Draw;
};

type Row = {
  loop: number;
  row: number;
  /** Since the replay began, in the time of the file. */
  offsetMs: number;
  gapMs: number;
};

export type DueTimes = ReturnType<typeof createDueTimes>;

/** When rows are meant to be sent, on the elapsed clock; undefined: as soon as there is room. */
export function createDueTimes({ clock, rate, rateOf, speed, jitter, draw }: DueOptions) {
  const beganAt = clock.elapsed();
  let nextMs = beganAt;
  let lastMs = beganAt;
  let senders = 1;
  let originMs = beganAt;

  function toSpacingMs(): number {
    return (rateOf === 'total' ? 1000 * senders : 1000) / rate;
  }

  /** Rows keep their order. */
  function shake(dueMs: number, spacingMs: number, at: Row): number {
    const shakenMs = jitter === 0 ? dueMs : dueMs + (draw('jitter', at) * 2 - 1) * jitter * spacingMs;
    lastMs = Math.max(lastMs, shakenMs);
    return lastMs;
  }

  return {
    /** What was due before this sender began is due at once. */
    of(at: Row): number | undefined {
      if (speed > 0) return shake(Math.max(beganAt, originMs + at.offsetMs / speed), at.gapMs / speed, at);
      if (rate === 0) return undefined;
      const spacingMs = toSpacingMs();
      const dueMs = nextMs;
      nextMs += spacingMs;
      return shake(dueMs, spacingMs, at);
    },
    /** By the rate, from row to row; undefined: as fast as it goes. */
    spacingMs: () => (rate === 0 ? undefined : toSpacingMs()),
    /** Others hold all rows: time in which there is nothing to send is no delay. */
    rest: () => {
      nextMs = Math.max(nextMs, clock.elapsed());
    },
    share: (count: number) => {
      senders = count;
    },
    startAt: (startedAt: string) => {
      originMs = clock.elapsed() + Date.parse(startedAt) - clock.now();
    },
  };
}
