import type { Clock, Sleep } from '../clock.ts';
import type { Outgoing } from './outgoing.ts';

/** How long a batch that is not full waits for the next row of no schedule. */
const lingerMs = 5;
/** The longest that a timer of Node can wait. */
const maxSleepMs = 2 ** 31 - 1;

type DueRows = {
  rows: AsyncIterable<Outgoing>;
  /** Rows at most that go together. */
  batch: number;
  /** What is later is given to `onLate` and not taken. Undefined: nothing is too late. */
  maxLagMs: number | undefined;
  onLate: (outgoing: Outgoing) => void;
  clock: Clock;
  sleep: Sleep;
  stop: AbortSignal;
};

/**
 * Takes rows as they fall due. None goes early; those that fell due while a timer slept go together. A row is read from
 * the source only when the one before it is taken, and bears its own time: who takes late loses nothing.
 */
export function createDueRows({ rows, batch, maxLagMs = Number.POSITIVE_INFINITY, ...rest }: DueRows) {
  const { onLate, clock, sleep, stop } = rest;
  const head = createHead(rows, stop);

  function isTooLate({ dueAtMs }: Outgoing): boolean {
    return dueAtMs !== undefined && clock.elapsed() - dueAtMs > maxLagMs;
  }

  /** Of what is at hand: `now`, or the milliseconds until then. */
  function toWaitMs({ dueAtMs }: Outgoing): number {
    return dueAtMs === undefined ? 0 : Math.max(0, dueAtMs - clock.elapsed());
  }

  /** The next row that is due; undefined where a batch that has begun should not wait for it, or there is none. */
  async function takeRow(patience?: Patience): Promise<Outgoing | undefined> {
    for (;;) {
      const outgoing = await head.peek(patience);
      if (outgoing === undefined || stop.aborted) return undefined;
      const waitMs = toWaitMs(outgoing);
      if (waitMs > 0) {
        if (patience) return undefined;
        await sleep(Math.min(waitMs, maxSleepMs), stop);
      } else if (isTooLate(outgoing)) {
        head.drop();
        onLate(outgoing);
      } else {
        if (outgoing.garbage !== undefined && patience) return undefined;
        head.drop();
        return outgoing;
      }
    }
  }

  return {
    /** Resolves to what goes together next; to nothing at the end. `garbage` goes alone. */
    async take(): Promise<Outgoing[]> {
      const first = await takeRow();
      if (first === undefined) return [];
      const taken = [first];
      if (batch === 1 || first.garbage !== undefined) return taken;
      const patience = { isOver: false };
      void sleep(lingerMs, stop).then(() => {
        patience.isOver = true;
        head.poke();
      });
      while (taken.length < batch) {
        const next = await takeRow(patience);
        if (next === undefined) break;
        taken.push(next);
      }
      return taken;
    },
    close: () => head.close(),
  };
}

/** Of a batch that has begun. */
type Patience = { isOver: boolean };

/** The row that is read and not taken. */
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
    /** Resolves to the next row; to nothing at the end, when told to stop, and when the patience is over. */
    async peek(patience?: Patience): Promise<Outgoing | undefined> {
      while (head === undefined && !isOver && !stop.aborted && !patience?.isOver) {
        const woken = new Promise<void>((resolve) => {
          wake = resolve;
        });
        if (!isReading) void read();
        await woken;
        if (fault) throw fault.error;
      }
      return head;
    },
    /** Lets who peeks look at its patience. */
    poke: () => wake(),
    drop: () => {
      head = undefined;
    },
    /** A source that is in the middle of reading ends when it can. */
    async close(): Promise<void> {
      const closing = iterator.return?.();
      if (isReading) closing?.catch(() => undefined);
      else await closing;
    },
  };
}
