import type { Pool } from 'mysql2/promise';
import type { ArrivedRow } from '../readings/reading-row.ts';
import { listRowsAfter, listRowsIn } from './list-rows.ts';
import type { OwnArrival, OwnArrivals } from './own-arrivals.ts';
import { createSeqTracker, type StreamPosition } from './seq-tracker.ts';

const rowsPerRead = 5000;

interface Arrivals<Row> {
  rows: Row[];
  /** Whether more rows are ready to be read. */
  isMore: boolean;
}

/** Reads the table `readings` from a position on: every stored reading once, from all replicas. */
export function createArrivalReader(pool: Pool, start: StreamPosition) {
  return createReader<ArrivedRow>(pool, start, () => []);
}

/** The same, without reading from the database what this process itself has stored. */
export function createOwnArrivalReader(pool: Pool, start: StreamPosition, own: OwnArrivals) {
  return createReader<ArrivedRow | OwnArrival>(pool, start, own.take);
}

function createReader<Row extends ArrivedRow | OwnArrival>(
  pool: Pool,
  start: StreamPosition,
  takeOwn: (after: number, limit: number) => Row[],
) {
  const tracker = createSeqTracker<Row | ArrivedRow>(start, performance.now());

  async function listNext(after: number): Promise<(Row | ArrivedRow)[]> {
    const own = takeOwn(after, rowsPerRead);
    return own.length > 0 ? own : listRowsAfter(pool, { after, limit: rowsPerRead });
  }

  return {
    /** After the rows that were read last. */
    position: tracker.position,
    /** The number of rows that wait behind a hole. */
    waiting: tracker.waiting,
    /** @throws StorageError */
    async read(): Promise<Arrivals<Row | ArrivedRow>> {
      const next = tracker.waiting() >= rowsPerRead ? [] : await listNext(tracker.top());
      // Queried after the rows behind the holes, so that this query sees every earlier commit.
      const filled = await listRowsIn(pool, tracker.due(performance.now()));
      const rows = tracker.accept([...filled, ...next], performance.now());
      return { rows, isMore: next.length === rowsPerRead };
    },
  };
}
