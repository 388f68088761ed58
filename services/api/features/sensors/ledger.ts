import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { coalesce } from '../../coalesce.ts';
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

const maxKnownSensors = 10_000;

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
  const newest = createNewest(pool, newestAgeMs);

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
        arrivals.hear(reading.sensor_id, { atMs: Date.parse(receivedAt), replayed: 0 });
      }
      return lateness;
    },
    count({ sensorId, outcome }) {
      if (outcome === 'replayed' && sensorId !== undefined)
        arrivals.hear(sensorId, { atMs: now().getTime(), replayed: 1 });
      else arrivals.refuse(sensorId, outcome === 'conflict' ? 'conflicts' : 'rejected');
    },
    flush: coalesce(flushOnce),
  };
}

interface Newest {
  timestampMs: number;
  /** When the database was asked, by a clock that never goes back. */
  askedMs: number;
}

/** The newest timestamp of each sensor, as all replicas together have stored it, up to `ageMs` ago. */
function createNewest(pool: Pool, ageMs: number) {
  const newest = new Map<string, Newest>();

  function keep(sensorId: string, { timestampMs, askedMs }: Newest): void {
    const known = newest.get(sensorId)?.timestampMs ?? timestampMs;
    newest.delete(sensorId);
    newest.set(sensorId, { timestampMs: Math.max(known, timestampMs), askedMs });
    if (newest.size > maxKnownSensors) for (const oldest of newest.keys()) return void newest.delete(oldest);
  }

  return {
    get: (sensorId: string) => newest.get(sensorId)?.timestampMs,
    /** What this process is about to store. */
    add(sensorId: string, timestampMs: number): void {
      keep(sensorId, { timestampMs, askedMs: newest.get(sensorId)?.askedMs ?? performance.now() });
    },
    async refresh(sensorIds: Iterable<string>): Promise<void> {
      const nowMs = performance.now();
      const isOld = (sensorId: string) => nowMs - (newest.get(sensorId)?.askedMs ?? -Infinity) >= ageMs;
      for (const [sensorId, timestampMs] of await findNewest(pool, [...sensorIds].filter(isOld)))
        keep(sensorId, { timestampMs, askedMs: nowMs });
    },
  };
}
