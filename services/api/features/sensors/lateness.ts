import type { ScoredReading } from '../readings/reading-row.ts';

/** A reading counts as late where its timestamp is so much older than the newest of its sensor. */
export const lateAfterMs = 60_000;

/** How many rows of one commit are late, and the newest timestamp of the sensor after them. */
export interface Lateness {
  sensorId: string;
  late: number;
  newestMs: number;
}

interface Newest {
  get: (sensorId: string) => number | undefined;
}

/** Per sensor; each row is compared with what was known before it. */
export function findLateness(rows: readonly ScoredReading[], newest: Newest): Lateness[] {
  const bySensor = new Map<string, Lateness>();
  for (const { reading } of rows) {
    const sensorId = reading.sensor_id;
    const timestampMs = Date.parse(reading.timestamp);
    const counts = bySensor.get(sensorId) ?? {
      sensorId,
      late: 0,
      newestMs: newest.get(sensorId) ?? timestampMs,
    };
    bySensor.set(sensorId, counts);
    if (timestampMs < counts.newestMs - lateAfterMs) counts.late += 1;
    counts.newestMs = Math.max(counts.newestMs, timestampMs);
  }
  return [...bySensor.values()];
}
