import type { Clock } from '../clock.ts';
import { draw } from './draw.ts';
import { drawFaults, type FaultShares, noFaults } from './faults.ts';

export interface ScheduledRow {
  loop: number;
  /** The index in the file. */
  row: number;
  /** Since the start of the replay, in file time. */
  offsetMs: number;
  /** Since the previous row, in file time. */
  gapMs: number;
  timestampMs: number | undefined;
}

/**
 * The timestamps that are sent. `arrival`: none, the API sets them. `file`: those of the file. `now`: the start of the
 * replay plus file time. `spread`: evenly over the time before the start of the replay.
 */
export type TimestampRule =
  | { kind: 'arrival' | 'file' | 'now' }
  | { kind: 'spread'; rows: number; spanMs: number };

export interface ScheduleOptions {
  clock: Clock;
  timestamps: TimestampRule;
  /** Rows per lease; 0: as many as are sent in about 5 s. */
  chunk: number;
  /** Rows per second; 0: as fast as they are answered. */
  rate?: number;
  /** Whether the rate is that of all senders together or of this one. */
  rateOf?: 'total' | 'sender';
  /** How fast file time passes; 0: rows are due by the rate. */
  speed?: number;
  /** The mean time between rows of the file, if known. */
  fileSpacingMs?: number | undefined;
  /** The part of the spacing by which a row may be earlier or later. */
  jitter?: number;
  faults?: FaultShares;
  seed?: number;
}

export type Schedule = ReturnType<typeof createSchedule>;

/** When rows are due, which timestamps they get, and which faults happen to them. */
export function createSchedule({
  clock,
  timestamps,
  chunk,
  rate = 0,
  rateOf = 'total',
  speed = 0,
  fileSpacingMs,
  jitter = 0,
  faults = noFaults,
  seed = 0,
}: ScheduleOptions) {
  const usesFileTime = timestamps.kind === 'file' || timestamps.kind === 'now';
  const isPacedByFile = usesFileTime && speed > 0;
  const beganAtMs = clock.elapsed();
  let nextMs = beganAtMs;
  let lastMs = beganAtMs;
  let senders = 1;
  /** The start of the replay, in Unix time and on the elapsed clock. */
  let startedAtMs = 0;
  let replayStartMs = beganAtMs;

  function rateSpacingMs(): number {
    return (rateOf === 'total' ? 1000 * senders : 1000) / rate;
  }

  /** The mean time between rows; undefined: as fast as they are answered. */
  function spacingMs(): number | undefined {
    if (isPacedByFile && fileSpacingMs !== undefined) return fileSpacingMs / speed;
    return rate === 0 ? undefined : rateSpacingMs();
  }

  /** Jitter never changes the order of rows. */
  function addJitter(dueMs: number, rowSpacingMs: number, row: ScheduledRow): number {
    const share = jitter === 0 ? 0 : (draw('jitter', seed, row) * 2 - 1) * jitter;
    lastMs = Math.max(lastMs, dueMs + share * rowSpacingMs);
    return lastMs;
  }

  return {
    usesFileTime,
    /** Whether rows have due times. Otherwise each is sent as soon as a connection is free. */
    isPaced: isPacedByFile || rate > 0,
    faultsOf: (at: { loop: number; row: number }) => drawFaults(faults, seed, at),
    /**
     * On the elapsed clock; undefined: as soon as a connection is free. Rows that were due before this sender began are
     * due at once.
     */
    dueAtMs(row: ScheduledRow): number | undefined {
      if (isPacedByFile) {
        const dueMs = Math.max(beganAtMs, replayStartMs + row.offsetMs / speed);
        return addJitter(dueMs, row.gapMs / speed, row);
      }
      if (rate === 0) return undefined;
      const dueMs = nextMs;
      nextMs += rateSpacingMs();
      return addJitter(dueMs, rateSpacingMs(), row);
    },
    /** Undefined: set by the API. */
    timestampOf: (row: ScheduledRow) => toTimestamp(timestamps, row, { startedAtMs, speed }),
    chunkRows: () => toChunkRows(chunk, spacingMs()),
    /** The start of the replay, which is the same for all its senders. */
    startAt(startedAt: string): void {
      const ms = Date.parse(startedAt);
      if (ms === startedAtMs) return;
      startedAtMs = ms;
      replayStartMs = clock.elapsed() + ms - clock.now();
    },
    /** The number of active senders. */
    share: (count: number) => {
      senders = count;
    },
    /** The time in which other senders held all remaining rows does not count as a delay of this sender. */
    rest: () => {
      nextMs = Math.max(nextMs, clock.elapsed());
    },
  };
}

interface Start {
  startedAtMs: number;
  speed: number;
}

function toTimestamp(
  rule: TimestampRule,
  row: ScheduledRow,
  { startedAtMs, speed }: Start,
): string | undefined {
  switch (rule.kind) {
    case 'arrival':
      return undefined;
    case 'file':
      return row.timestampMs === undefined ? undefined : new Date(row.timestampMs).toISOString();
    case 'now':
      return new Date(Math.round(startedAtMs + row.offsetMs / (speed || 1))).toISOString();
    case 'spread': {
      // The newest is one step before the start, where the live replay begins.
      const beforeMs = (rule.spanMs * (rule.rows - row.row)) / rule.rows;
      return new Date(Math.floor(startedAtMs - beforeMs)).toISOString();
    }
  }
}

const chunkMs = 5000;
const maxChunkRows = 5000;

/** Few enough rows that little is repeated after a crash, and enough that leases cost next to nothing. */
export function toChunkRows(chunk: number, spacingMs: number | undefined): number {
  if (chunk > 0) return chunk;
  if (spacingMs === undefined || spacingMs <= 0) return maxChunkRows;
  return Math.min(maxChunkRows, Math.max(1, Math.ceil(chunkMs / spacingMs)));
}
