import type { Clock } from '../clock.ts';
import type { Draw } from './draw.ts';

export interface DueTimeOptions {
  clock: Clock;
  /** Rows per second; 0: as fast as they are answered. */
  rate: number;
  /** Whether the rate is that of all senders together or of this one. */
  rateOf: 'total' | 'sender';
  /** How fast file time passes; 0: rows are due by the rate. */
  speed: number;
  /** The mean time between rows of the file, if known. */
  fileSpacingMs?: number | undefined;
  /** The part of the spacing by which a row may be earlier or later. */
  jitter: number;
  draw: Draw;
}

interface TimedRow {
  loop: number;
  row: number;
  /** Since the start of the replay, in file time. */
  offsetMs: number;
  /** Since the previous row, in file time. */
  gapMs: number;
}

/** The times at which rows are due, on the elapsed clock. */
export function createDueTimes(options: DueTimeOptions) {
  const { clock, rate, rateOf, speed, fileSpacingMs, jitter, draw } = options;
  const beganAtMs = clock.elapsed();
  let nextMs = beganAtMs;
  let lastMs = beganAtMs;
  let senders = 1;
  let replayStartMs = beganAtMs;

  function rateSpacingMs(): number {
    return (rateOf === 'total' ? 1000 * senders : 1000) / rate;
  }

  /** Jitter never changes the order of rows. */
  function addJitter(dueMs: number, spacingMs: number, at: TimedRow): number {
    const jitteredMs = jitter === 0 ? dueMs : dueMs + (draw('jitter', at) * 2 - 1) * jitter * spacingMs;
    lastMs = Math.max(lastMs, jitteredMs);
    return lastMs;
  }

  return {
    /** Undefined: as soon as a connection is free. Rows due before this sender began are due at once. */
    of(at: TimedRow): number | undefined {
      if (speed > 0) {
        const dueMs = Math.max(beganAtMs, replayStartMs + at.offsetMs / speed);
        return addJitter(dueMs, at.gapMs / speed, at);
      }
      if (rate === 0) return undefined;
      const spacingMs = rateSpacingMs();
      const dueMs = nextMs;
      nextMs += spacingMs;
      return addJitter(dueMs, spacingMs, at);
    },
    /** The mean time between rows; undefined: as fast as they are answered. */
    spacingMs(): number | undefined {
      if (speed > 0 && fileSpacingMs !== undefined) return fileSpacingMs / speed;
      return rate === 0 ? undefined : rateSpacingMs();
    },
    /** Time during which other senders had all rows is no delay of this one. */
    rest: () => {
      nextMs = Math.max(nextMs, clock.elapsed());
    },
    /** The number of active senders. */
    share: (count: number) => {
      senders = count;
    },
    /** The start of the replay, in Unix time. */
    startAt: (startedAtMs: number) => {
      replayStartMs = clock.elapsed() + startedAtMs - clock.now();
    },
  };
}
