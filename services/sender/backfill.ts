import { replaysSchema, statsSchema } from '@sensor-sentinel/contracts';
import type { Log } from './bounded-log.ts';
import { toReplayName } from './identity/names.ts';
import type { DueTimes } from './schedule/due-times.ts';
import { type Replaying, startReplay } from './sharing/start-replay.ts';
import type { RowReader } from './source/row-reader.ts';
import type { ApiClient } from './transport/api-client.ts';
import type { Deliver } from './transport/deliver.ts';

const batch = 500;

export function toBackfillName(replay: string): string {
  return toReplayName(replay, '.backfill');
}

type Asking = { client: ApiClient; deliver: Deliver; replay: string; log: Log; stop: AbortSignal };

/**
 * Whether the API has no reading, or a backfill that somebody began and did not end. An API that cannot say so is not
 * filled: readings that were made up for the past cannot be taken back.
 */
export async function needsBackfill({ client, deliver, replay, log, stop }: Asking): Promise<boolean> {
  const stats = await deliver({
    attempt: () => client.get('/stats', stop),
    schema: statsSchema,
    signal: stop,
  });
  if ('detail' in stats) log(`no backfill: GET /stats ${stats.detail}`);
  if (stats.outcome !== 'accepted') return false;
  if (stats.body.count === 0) return true;
  const known = await deliver({
    attempt: () => client.get('/replays', stop),
    schema: replaysSchema,
    signal: stop,
  });
  if ('detail' in known) log(`no backfill: GET /replays ${known.detail}`);
  if (known.outcome !== 'accepted') return false;
  const name = toBackfillName(replay);
  return known.body.replays.some((one) => one.name === name && one.state !== 'finished');
}

type Backfill = Omit<
  Replaying,
  'loops' | 'toTimestamp' | 'toChunkRows' | 'toLoopStart' | 'toFaults' | 'dueTimes'
> & {
  reader: RowReader;
  /** At most; a shorter file is sent once. */
  rows: number;
  spanMs: number;
  /** `file`: the timestamps of the file are kept. */
  timestamps: 'arrival' | 'file' | 'now';
};

/**
 * The first rows of the file, as a replay of their own: however many senders begin, each row is sent by one of them.
 * The times depend on the start of that replay alone, so that who takes over sends the same.
 */
export async function backfill({
  reader,
  rows,
  spanMs,
  timestamps,
  load,
  ...replaying
}: Backfill): Promise<number> {
  const count = await countRows(reader, rows);
  await startReplay({
    ...replaying,
    replay: toBackfillName(replaying.replay),
    loops: 1,
    reader: limitRows(reader, count),
    load: { ...load, batch, format: 'json', late: 'wait' },
    toChunkRows: () => Math.min(count, 5000),
    toLoopStart: async () => 0,
    toFaults: () => ({ isDoubled: false, isDropped: false, laterByRows: 0, garbage: undefined }),
    toTimestamp: ({ row, timestampMs }, startedAt) => {
      const stampMs = timestamps === 'file' && timestampMs !== undefined ? timestampMs : undefined;
      return new Date(stampMs ?? toStampMs(row, { count, spanMs, startedAt })).toISOString();
    },
    dueTimes: noDueTimes,
  });
  return count;
}

type Span = { count: number; spanMs: number; startedAt: string };

/** Evenly over the span, oldest first; the newest is one step before its end, where the live replay goes on. */
export function toStampMs(row: number, { count, spanMs, startedAt }: Span): number {
  return Math.floor(Date.parse(startedAt) - (spanMs * (count - row)) / count);
}

const noDueTimes: DueTimes = {
  of: () => undefined,
  spacingMs: () => undefined,
  rest: () => {},
  share: () => {},
  startAt: () => {},
};

async function countRows(reader: RowReader, atMost: number): Promise<number> {
  let count = 0;
  for await (const part of reader.read(0, atMost)) count += part.length;
  return count;
}

function limitRows({ name, state, read }: RowReader, count: number): Replaying['reader'] {
  return {
    ...{ name, state, totalRows: () => count },
    read: (first, rows) => read(first, Math.max(0, Math.min(rows, count - first))),
  };
}
