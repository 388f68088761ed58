import {
  type AckRequest,
  ackAnswerSchema,
  type Lease,
  type LeaseRequest,
  leaseAnswerSchema,
  type ReportedLoad,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import type { Clock } from '../clock.ts';
import type { Delivery } from '../load/retry.ts';
import type { Log } from '../log.ts';
import type { Schedule } from '../schedule/schedule.ts';
import { type ChunkBook, createChunkBook } from './chunk-book.ts';
import type { ControlClient } from './control-client.ts';
import { type IdSource, toIdSource } from './reading-ids.ts';

/** The API refuses the replay: its file, its name or its settings do not match. */
export class ReplayFault extends Error {}

/** A range of rows that this sender has leased. */
export interface Chunk {
  lease: Lease;
  ids: IdSource;
  book: ChunkBook;
  /** Another sender has taken over the chunk. */
  isLost: boolean;
}

/** How the rows of a small file are shared. Optional for the API. */
export type EvenTerms = Pick<LeaseRequest, 'shares_evenly' | 'total_rows'>;

interface LeasesOptions {
  control: ControlClient;
  /** The name of the replay. */
  replay: string;
  terms: Omit<LeaseRequest, 'rows' | keyof EvenTerms>;
  /** Not sent again once the API has answered that it does not know them. */
  evenTerms: EvenTerms;
  schedule: Schedule;
  /** Undefined until the end of the file has been read. */
  totalRows: () => number | undefined;
  /** What the acks report about this sender. */
  snapshot: () => ReportedLoad;
  clock: Clock;
  log: Log;
  stop: AbortSignal;
  abort: AbortSignal;
}

export type Leases = ReturnType<typeof createLeases>;

const ackIntervalMs = 2000;

/** The chunks of this sender: leases them, acks their progress and releases what is left. */
export function createLeases(options: LeasesOptions) {
  const { clock, stop, abort } = options;
  const alarm = createAlarm(clock);
  const open = new Set<Chunk>();
  let next: Promise<Chunk | undefined> | undefined;
  let isOver = false;

  /** Leases the next chunk before it is needed, so that there is no pause between chunks. */
  function prefetch(): void {
    if (next !== undefined || stop.aborted) return;
    next = leaseChunk(options, alarm).then((chunk) => {
      if (chunk) open.add(chunk);
      return chunk;
    });
    // `chunks` awaits the same promise, and throws its fault.
    next.catch(() => undefined);
  }

  async function ackAll(action: 'keep' | 'release'): Promise<void> {
    for (const chunk of [...open]) {
      if (await ackChunk(chunk, action, options)) open.delete(chunk);
    }
  }

  return {
    prefetch,
    /** Chunk after chunk until the replay is finished or stopped. @throws ReplayFault */
    async *chunks(): AsyncGenerator<Chunk, void, undefined> {
      while (!stop.aborted) {
        prefetch();
        const chunk = await next;
        next = undefined;
        if (chunk === undefined) return;
        yield chunk;
      }
    },
    /** Acks now instead of at the next interval, because a chunk is done. */
    ackSoon: alarm.ring,
    /** Acks at intervals, which keeps the leases, until `end` is called. */
    async keepAcking(): Promise<void> {
      while (!isOver && !abort.aborted) {
        const sleep = alarm.set();
        if (![...open].some(({ book }) => book.isDone())) await sleep(ackIntervalMs, abort);
        if (isOver || abort.aborted) return;
        await ackAll('keep');
        // Wakes a wait for rows, which may be available now.
        if (open.size === 0) alarm.ring();
      }
    },
    end: () => {
      isOver = true;
      alarm.ring();
    },
    /** Acks what is done and returns the rest, so that other senders need not wait for the leases to expire. */
    async release(): Promise<void> {
      await next?.catch(() => undefined);
      await ackAll('release');
    },
  };
}

/** Resolves to undefined when the replay is finished or stopped. Waits while other senders have all rows. */
async function leaseChunk(
  { control, replay, terms, evenTerms, schedule, stop }: LeasesOptions,
  alarm: ReturnType<typeof createAlarm>,
): Promise<Chunk | undefined> {
  while (!stop.aborted) {
    const sleep = alarm.set();
    const delivery = await control.send({
      method: 'post',
      url: `/replays/${replay}/lease`,
      toData: (): LeaseRequest => ({ ...terms, ...evenTerms, rows: schedule.chunkRows() }),
      schema: leaseAnswerSchema,
      signal: stop,
    });
    if (delivery.outcome === 'unfinished') return undefined;
    if (forgetUnknownTerms(evenTerms, delivery)) continue;
    if (delivery.outcome !== 'accepted') throw new ReplayFault(`replay ${replay}: ${delivery.detail}`);
    const { state, lease, started_at, active_senders, retry_after_ms } = delivery.body;
    if (state === 'finished') return undefined;
    schedule.startAt(started_at);
    schedule.share(active_senders);
    if (lease !== null) {
      return { lease, ids: toIdSource(delivery.body), book: createChunkBook(lease), isLost: false };
    }
    await sleep(retry_after_ms, stop);
    schedule.rest();
  }
  return undefined;
}

/** Removes terms that an older API refuses, and returns whether there were any. */
function forgetUnknownTerms(evenTerms: EvenTerms, delivery: Delivery<unknown>): boolean {
  if (delivery.outcome !== 'rejected' || delivery.status !== 400) return false;
  const isRefused = delivery.paths?.some((path) => Object.hasOwn(evenTerms, path)) ?? false;
  if (isRefused) for (const name of ['shares_evenly', 'total_rows'] as const) delete evenTerms[name];
  return isRefused;
}

/** Resolves to whether the lease has ended. */
async function ackChunk(
  chunk: Chunk,
  action: 'keep' | 'release',
  { control, replay, terms, schedule, totalRows, snapshot, log, abort }: LeasesOptions,
): Promise<boolean> {
  const total = totalRows();
  if (total !== undefined) chunk.book.endAt(total);
  const isDone = chunk.book.isDone();
  const isReleased = action === 'release' && !isDone;
  const delivery = await control.send({
    method: 'post',
    url: `/replays/${replay}/ack`,
    toData: (): AckRequest => ({
      sender: terms.sender,
      lease_id: chunk.lease.id,
      ...chunk.book.toAck(),
      is_released: isReleased,
      ...(total !== undefined && { total_rows: total }),
      load: snapshot(),
    }),
    schema: ackAnswerSchema,
    signal: abort,
  });
  if (delivery.outcome === 'accepted') {
    schedule.share(delivery.body.active_senders);
  } else if (delivery.outcome !== 'unfinished') {
    chunk.isLost = true;
    const { first_row, rows } = chunk.lease;
    log(`lost the lease of rows ${first_row}–${first_row + rows - 1}: ${delivery.detail}`);
  }
  return isDone || isReleased || chunk.isLost;
}

/** A sleep that `ring` ends early for everyone. */
function createAlarm(clock: Clock) {
  let ringing = new AbortController();
  return {
    /** To be called before checking the condition to wait for, so that no ring is missed. */
    set: () => {
      const { signal } = ringing;
      return (ms: number, other: AbortSignal) => clock.sleep(ms, AbortSignal.any([signal, other]));
    },
    ring: () => {
      ringing.abort();
      ringing = new AbortController();
    },
  };
}

interface ForgetOptions {
  control: ControlClient;
  name: string;
  signal: AbortSignal;
}

/** Deletes the progress of a replay; its readings stay stored. @throws ReplayFault */
export async function forgetReplay({ control, name, signal }: ForgetOptions): Promise<void> {
  const delivery = await control.send({
    method: 'delete',
    url: `/replays/${name}`,
    schema: z.unknown(),
    signal,
  });
  const isForgotten = delivery.outcome !== 'rejected' || delivery.status === 404 || delivery.status === 204;
  if (!isForgotten) throw new ReplayFault(`replay ${name}: ${delivery.detail}`);
}
