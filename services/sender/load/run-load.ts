import type { Clock } from '../clock.ts';
import type { OutageLog } from '../log.ts';
import type { Measures } from './measures.ts';
import type { Outgoing, Settled } from './outgoing.ts';
import type { PredictClient } from './predict-client.ts';
import { sendRows } from './send-rows.ts';

export interface RequestOptions {
  format: 'json' | 'ndjson';
  /** Requests in flight at most. */
  concurrency: number;
  /** Rows per request at most. */
  batch: number;
  /** What happens to a row that is later than `maxLagMs`: `wait` sends it all the same, `drop` leaves it out. */
  late: 'wait' | 'drop';
  maxLagMs: number;
}

export interface Load {
  client: PredictClient;
  requests: RequestOptions;
  measures: Measures;
  clock: Clock;
  random: () => number;
  outages: OutageLog;
  /** No further row is sent. */
  stop: AbortSignal;
  /** Requests in flight are cut off. */
  abort: AbortSignal;
}

/**
 * Sends rows and resolves once each of them is settled. Rows with a due time are sent at that time whatever the answers
 * do (an open model): a row that finds no free connection waits, and its latency still counts from its due time. Rows
 * without one are sent as fast as they are answered, `concurrency` requests in flight (a closed model).
 */
export async function runLoad(
  rows: AsyncIterable<Outgoing>,
  onSettled: (settled: Settled) => void,
  { client, requests, measures, clock, random, outages, stop, abort }: Load,
): Promise<void> {
  const { format, concurrency, batch, late, maxLagMs } = requests;
  const failure = new AbortController();
  const dueRows = createDueRows({
    rows,
    batch,
    maxLagMs: late === 'drop' ? maxLagMs : Number.POSITIVE_INFINITY,
    onTooLate: (outgoing) => {
      measures.drop();
      onSettled({ outgoing, outcome: 'dropped' });
    },
    clock,
    stop: AbortSignal.any([stop, failure.signal]),
  });

  /** Sends one request after the other. */
  async function useConnection(): Promise<void> {
    let freeSinceMs = Number.NEGATIVE_INFINITY;
    for (;;) {
      const taken = await dueRows.take();
      if (taken.length === 0) return;
      measures.start(taken, { freeSinceMs, maxLagMs });
      await sendRows(taken, { client, format, measures, clock, random, outages, onSettled, abort });
      freeSinceMs = clock.elapsed();
    }
  }

  const connections = Array.from({ length: concurrency }, () =>
    useConnection().catch((error: unknown) => {
      failure.abort();
      throw error;
    }),
  );
  const ended = await Promise.allSettled(connections);
  await dueRows.close();
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

/** How long a batch that is not full waits for further rows without a due time. */
const lingerMs = 5;
/** The longest timeout of a timer in Node. */
const maxSleepMs = 2 ** 31 - 1;

interface DueRowsOptions {
  rows: AsyncIterable<Outgoing>;
  batch: number;
  maxLagMs: number;
  onTooLate: (outgoing: Outgoing) => void;
  clock: Clock;
  stop: AbortSignal;
}

/** Set when a batch that has begun stops waiting for rows. */
interface Linger {
  isOver: boolean;
}

/** Takes rows when they fall due; those that fell due while a timer slept go into one batch. */
function createDueRows({ rows, batch, maxLagMs, onTooLate, clock, stop }: DueRowsOptions) {
  const head = createHead(rows, stop);

  /** The next due row; undefined at the end, or where a batch that has begun does not wait for it. */
  async function takeRow(linger?: Linger): Promise<Outgoing | undefined> {
    for (;;) {
      const outgoing = await head.peek(linger);
      if (outgoing === undefined || stop.aborted) return undefined;
      const lagMs = outgoing.dueAtMs === undefined ? 0 : clock.elapsed() - outgoing.dueAtMs;
      if (lagMs < 0) {
        if (linger) return undefined;
        await clock.sleep(Math.min(-lagMs, maxSleepMs), stop);
      } else if (lagMs > maxLagMs) {
        head.drop();
        onTooLate(outgoing);
      } else {
        if (outgoing.garbage !== undefined && linger) return undefined;
        head.drop();
        return outgoing;
      }
    }
  }

  async function takeBatch(): Promise<Outgoing[]> {
    const first = await takeRow();
    if (first === undefined) return [];
    const taken = [first];
    if (batch === 1 || first.garbage !== undefined) return taken;
    const linger: Linger = { isOver: false };
    void clock.sleep(lingerMs, stop).then(() => {
      linger.isOver = true;
      head.notify();
    });
    while (taken.length < batch) {
      const next = await takeRow(linger);
      if (next === undefined) break;
      taken.push(next);
    }
    return taken;
  }

  let last: Promise<Outgoing[]> = Promise.resolve([]);
  return {
    /**
     * Resolves to the rows of the next request, none at the end. Garbage gets a request of its own. Calls are served in
     * their order; after a fault of the source, all reject.
     */
    take(): Promise<Outgoing[]> {
      last = last.then(takeBatch);
      return last;
    },
    close: head.close,
  };
}

/** Reads one row ahead of those that are taken. */
function createHead(rows: AsyncIterable<Outgoing>, stop: AbortSignal) {
  const iterator = rows[Symbol.asyncIterator]();
  let head: Outgoing | undefined;
  let isReading = false;
  let isOver = false;
  let fault: { error: unknown } | undefined;
  let wake = () => {};
  stop.addEventListener('abort', () => wake(), { once: true });

  async function read(): Promise<void> {
    isReading = true;
    try {
      const next = await iterator.next();
      if (next.done) isOver = true;
      else head = next.value;
    } catch (error) {
      fault = { error };
    } finally {
      isReading = false;
      wake();
    }
  }

  return {
    /** Resolves to the next row; to undefined at the end, when stopped and when the linger is over. */
    async peek(linger?: Linger): Promise<Outgoing | undefined> {
      while (head === undefined && !isOver && !stop.aborted && !linger?.isOver) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (!isReading) void read();
        await woken;
        if (fault) throw fault.error;
      }
      return head;
    },
    /** Lets `peek` look at its linger again. */
    notify: () => wake(),
    drop: () => {
      head = undefined;
    },
    /** Does not wait for a read that is pending. */
    async close(): Promise<void> {
      const closing = iterator.return?.();
      if (isReading) closing?.catch(() => undefined);
      else await closing;
    },
  };
}
