import { maxBatchLength, statsSchema } from '@sensor-sentinel/contracts';
import type { ApiClient } from './api-client.ts';
import type { Log } from './bounded-log.ts';
import type { Clock } from './clock.ts';
import type { Deliver } from './deliver.ts';
import type { ReadingRow } from './read-passes.ts';
import type { Outgoing } from './send-readings.ts';
import type { Config } from './settings.ts';

type Backfill = {
  rows: AsyncIterator<ReadingRow>;
  config: Pick<Config, 'backfill' | 'backfillSpanMs' | 'timestamps'>;
  clock: Clock;
  toOutgoing: (row: ReadingRow) => Outgoing;
  sendBatch: (batch: readonly Outgoing[]) => Promise<void>;
  stop: AbortSignal;
};

/** Sends the next rows at once, batch after batch, so that there is a past to look at. */
export async function backfill({
  rows,
  config,
  clock,
  toOutgoing,
  sendBatch,
  stop,
}: Backfill): Promise<void> {
  const taken = (await takeRows(rows, config.backfill)).map(toOutgoing);
  const window = { untilMs: clock.now(), spanMs: config.backfillSpanMs };
  const outgoing = config.timestamps === 'file' ? taken : stampBack(taken, window);
  for (let from = 0; from < outgoing.length && !stop.aborted; from += maxBatchLength) {
    await sendBatch(outgoing.slice(from, from + maxBatchLength));
  }
}

/** Evenly over the span, oldest first; the newest is one step before its end, where the live replay goes on. */
export function stampBack(
  outgoing: readonly Outgoing[],
  { untilMs, spanMs }: { untilMs: number; spanMs: number },
) {
  return outgoing.map(({ reading, line }, index): Outgoing => {
    const agoMs = (spanMs * (outgoing.length - index)) / outgoing.length;
    return { line, reading: { ...reading, timestamp: new Date(untilMs - agoMs).toISOString() } };
  });
}

async function takeRows(rows: AsyncIterator<ReadingRow>, count: number): Promise<ReadingRow[]> {
  const taken: ReadingRow[] = [];
  while (taken.length < count) {
    const next = await rows.next();
    if (next.done) break;
    taken.push(next.value);
  }
  return taken;
}

type Asking = { client: ApiClient; deliver: Deliver; log: Log; stop: AbortSignal };

/** An API that cannot say so is not filled: readings that were made up for the past cannot be taken back. */
export async function isEmpty({ client, deliver, log, stop }: Asking): Promise<boolean> {
  const delivery = await deliver({
    attempt: () => client.get('/stats', stop),
    schema: statsSchema,
    signal: stop,
  });
  if ('detail' in delivery) log(`no backfill: GET /stats ${delivery.detail}`);
  return delivery.outcome === 'accepted' && delivery.body.count === 0;
}
