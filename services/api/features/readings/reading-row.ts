import type { ReadingEvent, StoredReading } from '@sensor-sentinel/contracts';
import { fromSqlId, fromSqlTimestamp } from '../../storage/sql-values.ts';

/** The columns of `readings` for a `StoredReading`. */
export const readingColumns =
  'seq, id, sensor_id, timestamp, temperature, humidity, sound_volume, prediction, score, model';

/** The same columns with the arrival, which determines the state of a sensor. */
export const arrivedColumns = `${readingColumns}, received_at`;

/** A row with `readingColumns`. */
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

/** A row with `arrivedColumns`. */
export interface ArrivedRow extends ReadingRow {
  received_at: string;
}

/** A scored reading before its commit. */
export interface ScoredReading {
  reading: StoredReading;
  receivedAt: string;
}

export function toStoredReading({ id, timestamp, ...row }: ReadingRow): StoredReading {
  const { sensor_id, temperature, humidity, sound_volume, prediction, score, model } = row;
  const values = { temperature, humidity, sound_volume, prediction, score, model };
  return { id: fromSqlId(id), timestamp: fromSqlTimestamp(timestamp), sensor_id, ...values };
}

export function toReadingEvent(row: ArrivedRow): ReadingEvent {
  return { ...toStoredReading(row), received_at: fromSqlTimestamp(row.received_at) };
}
