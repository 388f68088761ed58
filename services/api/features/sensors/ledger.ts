import type { Logger } from 'pino';
import type { CallbackPool } from '../../storage/pool.ts';
import type { ScoredReading } from '../readings/reading-row.ts';
import { createArrivals } from './arrivals.ts';
import { findLateness, type Lateness } from './lateness.ts';
import { findNewest, writeArrivals } from './write-arrivals.ts';

/** What became of the readings of each sensor. */
export interface Ledger {
  /** Of rows that are about to be stored: what the commit has to add beside them. */
  findLateness: (rows: readonly ScoredReading[]) => Promise<Lateness[]>;
  /** What is answered without storing; `sensorId` is undefined where it could not be read. */
  count: (counted: { sensorId: string | undefined; outcome: 'replayed' | 'conflict' | 'rejected' }) => void;
  /** Writes what was counted until now. Never rejects. */
  flush: () => Promise<void>;
}

interface LedgerOptions {
  pool: CallbackPool;
  log: Logger;
  now: () => Date;
  gapAfterMs: number;
}

const maxKnownSensors = 10_000;

/** The newest timestamp of the sensors that were heard of lately; others are looked up. */
function createNewest(pool: CallbackPool) {
  const newest = new Map<string, number>();
  function know(sensorId: string, timestampMs: number): void {
    const known = newest.get(sensorId);
    newest.delete(sensorId);
    newest.set(sensorId, Math.max(known ?? timestampMs, timestampMs));
    if (newest.size > maxKnownSensors) for (const oldest of newest.keys()) return void newest.delete(oldest);
  }
  return {
    get: (sensorId: string) => newest.get(sensorId),
    know,
    async lookUp(sensorIds: Iterable<string>): Promise<void> {
      for (const [sensorId, timestampMs] of await findNewest(pool, [...sensorIds]))
        know(sensorId, timestampMs);
    },
  };
}

export function createLedger({ pool, log, now, gapAfterMs }: LedgerOptions): Ledger {
  const arrivals = createArrivals(gapAfterMs);
  const newest = createNewest(pool);
  let stored = new Set<string>();
  let flushing = Promise.resolve();
  let next: Promise<void> | undefined;

  async function flushOnce(): Promise<void> {
    const counts = arrivals.take();
    const heard = stored;
    stored = new Set();
    try {
      const onWritten = (sensorIds: readonly string[]) => {
        for (const sensorId of sensorIds) counts.delete(sensorId);
      };
      await writeArrivals(pool, counts, { gapAfterMs, onWritten });
      await newest.lookUp(heard); // what other replicas stored meanwhile
    } catch (err) {
      arrivals.putBack(counts);
      log.warn({ err }, 'the ledger waits for the database');
    }
  }

  return {
    async findLateness(rows) {
      const sensorIds = new Set(rows.map(({ reading }) => reading.sensor_id));
      await newest.lookUp([...sensorIds].filter((sensorId) => newest.get(sensorId) === undefined));
      const lateness = findLateness(rows, newest);
      for (const { sensorId, newestMs } of lateness) newest.know(sensorId, newestMs);
      for (const { reading, receivedAt } of rows) {
        stored.add(reading.sensor_id);
        arrivals.hear(reading.sensor_id, { atMs: Date.parse(receivedAt), replayed: 0 });
      }
      return lateness;
    },
    count({ sensorId, outcome }) {
      if (outcome === 'replayed' && sensorId !== undefined)
        arrivals.hear(sensorId, { atMs: now().getTime(), replayed: 1 });
      else arrivals.refuse(sensorId, outcome === 'conflict' ? 'conflicts' : 'rejected');
    },
    flush() {
      // One that is under way may have begun before the last count.
      next ??= flushing.then(() => {
        next = undefined;
        flushing = flushOnce();
        return flushing;
      });
      return next;
    },
  };
}
