import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { coalesce } from '../../coalesce.ts';
import type { ScoredReading } from '../readings/reading-row.ts';
import { createArrivals, writeArrivals } from './arrivals.ts';
import { createNewestTimestamps, findLateness, type Lateness } from './lateness.ts';

/** What became of the readings of each sensor. */
export interface Ledger {
  /** Of rows that are about to be stored: what the commit has to add beside them. */
  findLateness: (rows: readonly ScoredReading[]) => Promise<Lateness[]>;
  /** What is answered without storing; `sensorId` is undefined where it could not be read. */
  addOutcome: (counted: {
    sensorId: string | undefined;
    outcome: 'replayed' | 'conflict' | 'rejected';
  }) => void;
  /** Writes what was counted until now. Never rejects. */
  flush: () => Promise<void>;
}

interface LedgerOptions {
  pool: Pool;
  log: Logger;
  now: () => Date;
  gapAfterMs: number;
  /** How old the newest timestamp of a sensor may be by which readings are judged late. */
  newestAgeMs: number;
}

export function createLedger({ pool, log, now, gapAfterMs, newestAgeMs }: LedgerOptions): Ledger {
  const arrivals = createArrivals(gapAfterMs);
  const newest = createNewestTimestamps(pool, newestAgeMs);

  async function flushOnce(): Promise<void> {
    const counts = arrivals.take();
    try {
      const onWritten = (sensorIds: readonly string[]) => {
        for (const sensorId of sensorIds) counts.delete(sensorId);
      };
      await writeArrivals(pool, counts, { gapAfterMs, onWritten });
    } catch (err) {
      arrivals.putBack(counts);
      log.warn({ err }, 'the ledger waits for the database');
    }
  }

  return {
    async findLateness(rows) {
      await newest.refresh(new Set(rows.map(({ reading }) => reading.sensor_id)));
      const lateness = findLateness(rows, newest);
      for (const { sensorId, newestMs } of lateness) newest.add(sensorId, newestMs);
      for (const { reading, receivedAt } of rows) {
        arrivals.addArrival(reading.sensor_id, { atMs: Date.parse(receivedAt), replayed: 0 });
      }
      return lateness;
    },
    addOutcome({ sensorId, outcome }) {
      if (outcome === 'replayed' && sensorId !== undefined)
        arrivals.addArrival(sensorId, { atMs: now().getTime(), replayed: 1 });
      else arrivals.addRejection(sensorId, outcome === 'conflict' ? 'conflicts' : 'rejected');
    },
    flush: coalesce(flushOnce),
  };
}
