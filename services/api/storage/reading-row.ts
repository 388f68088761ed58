import type { StoredReading } from '@sensor-sentinel/contracts';
import { fromSqlId, fromSqlTimestamp } from './sql-values.ts';

/** The columns of `readings` that an answer is made of. */
export const readingColumns =
  'seq, id, sensor_id, timestamp, temperature, humidity, sound_volume, prediction, score, model';

export interface ReadingRow {
  seq: number;
  id: Buffer;
  sensor_id: string;
  timestamp: string;
  temperature: number;
  humidity: number;
  sound_volume: number;
  prediction: 0 | 1;
  score: number;
  model: string;
}

export function toStoredReading({ seq, id, timestamp, ...columns }: ReadingRow): StoredReading {
  return { id: fromSqlId(id), timestamp: fromSqlTimestamp(timestamp), ...columns };
}

/** A reading that has been scored and waits for its commit. */
export interface ScoredReading {
  reading: StoredReading;
  receivedAt: string;
}
