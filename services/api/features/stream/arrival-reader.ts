import type { Pool } from 'mysql2/promise';
import type { ArrivedRow } from '../readings/reading-row.ts';
import { listRowsAfter, listRowsIn } from './list-rows.ts';
import { createSeqTracker, type Delivery } from './seq-tracker.ts';
import type { StreamPosition } from './stream-events.ts';

const rowsPerRead = 5000;

interface Arrivals {
  deliveries: Delivery<ArrivedRow>[];
  /** Whether more rows are ready to be read. */
  isMore: boolean;
}

/** Reads the table `readings` from a position on: every stored reading once, from all replicas. */
export function createArrivalReader(pool: Pool, start: StreamPosition) {
  const tracker = createSeqTracker<ArrivedRow>(start, performance.now());
  return {
    /** Position after the last delivery. */
    position: tracker.position,
    /** The number of rows that wait behind a hole. */
    waiting: tracker.waiting,
    /** @throws StorageError */
    async read(): Promise<Arrivals> {
      const isFull = tracker.waiting() >= rowsPerRead;
      const rows = isFull ? [] : await listRowsAfter(pool, { after: tracker.top(), limit: rowsPerRead });
      // Queried after the rows behind the holes, so that this query sees every earlier commit.
      const filled = await listRowsIn(pool, tracker.due(performance.now()));
      const deliveries = tracker.accept([...filled, ...rows], performance.now());
      return { deliveries, isMore: rows.length === rowsPerRead };
    },
  };
}
