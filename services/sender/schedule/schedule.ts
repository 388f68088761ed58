import type { Clock } from '../clock.ts';
import { createDraw } from './draw.ts';
import { createDueTimes } from './due-times.ts';
import { createFaultPlan, type FaultShares, noFaults, type RowFaults } from './faults.ts';

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

interface ScheduleOptions {
  clock: Clock;
  timestamps: TimestampRule;
  /** Rows per lease; 0: as many as are sent in about 5 s. */
  chunk: number;
  /** Rows per second; 0: as fast as they are answered. */
  rate?: number;
  rateOf?: 'total' | 'sender';
  /** How fast file time passes; 0: rows are due by the rate. */
  speed?: number;
  /** The mean time between rows of the file, if known. */
  fileSpacingMs?: number | undefined;
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
  const fileSpeed = usesFileTime ? speed : 0;
  const draw = createDraw(seed);
  const dueTimes = createDueTimes({ clock, rate, rateOf, speed: fileSpeed, fileSpacingMs, jitter, draw });
  const faultsOf: (at: { loop: number; row: number }) => RowFaults = createFaultPlan(faults, draw);
  let startedAtMs: number | undefined;
  return {
    usesFileTime,
    faultsOf,
    /** On the elapsed clock; undefined: as soon as a connection is free. */
    dueAtMs: dueTimes.of,
    /** Undefined: set by the API. */
    timestampOf: (row: ScheduledRow) =>
      toTimestamp(timestamps, row, { startedAtMs: startedAtMs ?? 0, speed }),
    chunkRows: () => toChunkRows(chunk, dueTimes.spacingMs()),
    /** The start of the replay, which is the same for all its senders. */
    startAt(startedAt: string): void {
      const ms = Date.parse(startedAt);
      if (ms === startedAtMs) return;
      startedAtMs = ms;
      dueTimes.startAt(ms);
    },
    share: dueTimes.share,
    rest: dueTimes.rest,
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
