import { createDueRows } from './due-rows.ts';
import type { Outgoing } from './outgoing.ts';
import { createSendRows, type Sending } from './send-rows.ts';
import { createSlots } from './slots.ts';

export type Load = Sending & {
  rows: AsyncIterable<Outgoing>;
  /** Requests in flight at most. */
  concurrency: number;
  /** Rows of a request at most. */
  batch: number;
  /** What becomes of a row that cannot be sent on time: `drop` leaves it out once it is later than `maxLagMs`. */
  late: 'wait' | 'drop';
  maxLagMs: number;
  /** No further row is sent. */
  stop: AbortSignal;
};

/**
 * Sends rows, and resolves once each that was sent is settled. A row with a time goes at that time whatever the answers
 * do (an open model): where no connection is free it waits, and its latency counts from its time all the same. Rows
 * without a time go as fast as they are answered, `concurrency` requests in flight (a closed model).
 */
export async function runLoad(load: Load): Promise<void> {
  const { concurrency, late, maxLagMs, clock, measures, onSettled } = load;
  const slots = createSlots(concurrency, clock);
  const send = createSendRows(load);
  const dueRows = createDueRows({
    ...load,
    maxLagMs: late === 'drop' ? maxLagMs : undefined,
    onLate: (outgoing) => {
      measures.drop();
      onSettled({ outgoing, outcome: 'dropped' });
    },
  });
  try {
    for (;;) {
      const freeSinceMs = await slots.free();
      const taken = await dueRows.take();
      if (taken.length === 0) break;
      measures.start(taken, { freeSinceMs, maxLagMs });
      slots.run(() => send(taken));
    }
  } finally {
    await slots.idle().finally(dueRows.close);
  }
}
