import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { coalesce } from '../../coalesce.ts';
import { toSensorName } from '../../storage/keys.ts';
import type { ScoredReading } from '../readings/reading-row.ts';
import type { Lateness } from '../statistics/rollups/deltas.ts';
import { createArrivals, writeArrivals } from './arrivals.ts';
import { createNewestTimestamps, findLateness } from './lateness.ts';

/** Counts the outcomes of readings per sensor. */
export interface Ledger {
  /** Counts rows as arrived, and returns how many are late, which is stored by the same commit. @throws StorageError */
  findLateness: (rows: readonly ScoredReading[]) => Promise<Lateness[]>;
  /** Counts a reading that is not stored; `sensor` (see `toSensorName`) is undefined if the reading has no valid one. */
  addOutcome: (outcome: {
    sensor: string | undefined;
    outcome: 'duplicate' | 'conflict' | 'rejected';
  }) => void;
  /** Writes all counts. Never rejects: after an error, the counts are kept for the next flush. */
  flush: () => Promise<void>;
}

interface LedgerOptions {
  pool: Pool;
  log: Logger;
  now: () => Date;
  gapAfterMs: number;
  /** How long a sensor's newest timestamp is cached. */
  newestAgeMs: number;
}

/** Creates a ledger that counts in memory; only `flush` writes to the database. */
export function createLedger({ pool, log, now, gapAfterMs, newestAgeMs }: LedgerOptions): Ledger {
  const arrivals = createArrivals(gapAfterMs);
  const newest = createNewestTimestamps(pool, newestAgeMs);

  async function flushOnce(): Promise<void> {
    const counts = arrivals.take();
    try {
      const onWritten = (sensors: readonly string[]) => {
        for (const sensor of sensors) counts.delete(sensor);
      };
      await writeArrivals(pool, counts, { gapAfterMs, onWritten });
    } catch (err) {
      arrivals.putBack(counts);
      log.warn({ err }, 'the ledger could not be written; retrying');
    }
  }

  return {
    async findLateness(rows) {
      await newest.refresh(new Set(rows.map(({ sensor }) => sensor)));
      const lateness = findLateness(rows, newest);
      for (const { sensor, newestMs } of lateness) newest.add(sensor, newestMs);
      for (const { reading, receivedAt } of rows) {
        const name = toSensorName(reading.type.id, reading.sensor_id);
        arrivals.addArrival(name, { atMs: Date.parse(receivedAt), duplicates: 0 });
      }
      return lateness;
    },
    addOutcome({ sensor, outcome }) {
      if (outcome === 'duplicate' && sensor !== undefined)
        arrivals.addArrival(sensor, { atMs: now().getTime(), duplicates: 1 });
      else arrivals.addRejection(sensor, outcome === 'conflict' ? 'conflicts' : 'rejected');
    },
    flush: coalesce(flushOnce),
  };
}
