import type { ScoredReading } from '../storage/insert-readings.ts';

/** A reading counts as late where its timestamp is so much older than the newest of its sensor. */
export const lateAfterMs = 60_000;

/** What the rows of one commit add to the ledger of one sensor. */
export interface StoredCounts {
  sensorId: string;
  stored: number;
  late: number;
  newestMs: number;
}

interface Newest {
  get: (sensorId: string) => number | undefined;
}

/** Per sensor, in the order of the primary key; each row is compared with what was known before it. */
export function countStored(rows: readonly ScoredReading[], newest: Newest): StoredCounts[] {
  const bySensor = new Map<string, StoredCounts>();
  for (const { reading } of rows) {
    const sensorId = reading.sensor_id;
    const timestampMs = Date.parse(reading.timestamp);
    const counts = bySensor.get(sensorId) ?? {
      sensorId,
      stored: 0,
      late: 0,
      newestMs: newest.get(sensorId) ?? timestampMs,
    };
    bySensor.set(sensorId, counts);
    counts.stored += 1;
    if (timestampMs < counts.newestMs - lateAfterMs) counts.late += 1;
    counts.newestMs = Math.max(counts.newestMs, timestampMs);
  }
  return [...bySensor.values()].sort((a, b) => (a.sensorId < b.sensorId ? -1 : 1));
}
