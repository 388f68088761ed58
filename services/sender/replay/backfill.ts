import { replaysSchema, statsSchema } from '@sensor-sentinel/contracts';
import type { Log } from '../log.ts';
import { createSchedule, type TimestampRule } from '../schedule/schedule.ts';
import type { ControlClient } from './control-client.ts';
import { toReplayName } from './names.ts';
import { type ReplayOptions, runReplay } from './run-replay.ts';

const batch = 500;
const maxChunkRows = 5000;

interface BackfillQuery {
  control: ControlClient;
  /** The sensor type; undefined: the default type of the API. */
  type: string | undefined;
  /** The name of the live replay. */
  replay: string;
  log: Log;
  signal: AbortSignal;
}

/**
 * Whether the API has no readings of the type, or an unfinished backfill. An API that cannot tell is not filled, because made-up
 * readings of the past cannot be removed.
 */
export async function needsBackfill({ control, type, replay, log, signal }: BackfillQuery): Promise<boolean> {
  const url = type === undefined ? '/stats' : `/stats?type=${type}`;
  const stats = await control.send({ method: 'get', url, schema: statsSchema, signal });
  if ('detail' in stats) log(`no backfill: GET /stats ${stats.detail}`);
  if (stats.outcome !== 'accepted') return false;
  if (stats.body.count === 0) return true;
  const known = await control.send({ method: 'get', url: '/replays', schema: replaysSchema, signal });
  if ('detail' in known) log(`no backfill: GET /replays ${known.detail}`);
  if (known.outcome !== 'accepted') return false;
  const name = toBackfillName(replay);
  return known.body.replays.some((one) => one.name === name && one.state !== 'finished');
}

function toBackfillName(replay: string): string {
  return toReplayName(replay, '.backfill');
}

interface BackfillOptions extends Omit<ReplayOptions, 'loops' | 'isShared' | 'schedule' | 'onRow'> {
  spanMs: number;
  /** `file`: the timestamps of the file are kept. */
  timestamps: 'arrival' | 'file' | 'now';
}

/**
 * Sends all rows of the reader with timestamps before now, as a replay of its own: each row is sent by one sender, however
 * many start. Timestamps depend only on the start of that replay, so that a sender that takes over sends the same.
 */
export async function runBackfill({ spanMs, timestamps, ...options }: BackfillOptions): Promise<void> {
  const { reader, load, replay } = options;
  const rows = await reader.countRows();
  const rule: TimestampRule = timestamps === 'file' ? { kind: 'file' } : { kind: 'spread', rows, spanMs };
  await runReplay({
    ...options,
    replay: toBackfillName(replay),
    loops: 1,
    isShared: false,
    schedule: createSchedule({ clock: load.clock, timestamps: rule, chunk: Math.min(rows, maxChunkRows) }),
    load: { ...load, requests: { ...load.requests, batch, format: 'json', late: 'wait' } },
    onRow: () => undefined,
  });
}
