import {
  type FeatureName,
  type FeatureValues,
  featureNames,
  type ReadingEvent,
  type StoredReading,
} from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { fromSqlId, fromSqlTimestamp } from '../../storage/sql-values.ts';

/** The columns of a `StoredReading`, selected from `readingTables`. */
export const readingColumns = `readings.seq, readings.id, sensors.name AS sensor_id, readings.timestamp, readings.features,
  readings.prediction, readings.score, models.name AS model`;

/** The same columns with the arrival, which determines the state of a sensor. */
export const arrivedColumns = `${readingColumns}, readings.received_at`;

/** Joins the names of sensors and models to `readings`. STRAIGHT_JOIN: the server must not start from the sensors. */
export const readingNames = `STRAIGHT_JOIN sensors ON sensors.id = readings.sensor
  LEFT JOIN models ON models.id = readings.model`;

export const readingTables = `readings ${readingNames}`;

/** A row with `readingColumns`. */
export interface ReadingRow {
  seq: number;
  id: Buffer;
  sensor_id: string;
  timestamp: string;
  /** JSON */
  features: string;
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

export function toStoredReading({ id, timestamp, features, ...row }: ReadingRow): StoredReading {
  const { sensor_id, prediction, score, model } = row;
  const values = { ...parseFeatures(features), prediction, score, model };
  return { id: fromSqlId(id), timestamp: fromSqlTimestamp(timestamp), sensor_id, ...values };
}

export function toReadingEvent(row: ArrivedRow): ReadingEvent {
  return { ...toStoredReading(row), received_at: fromSqlTimestamp(row.received_at) };
}

/** The value of a reading that SQL calculates with: `score`, or a feature as a number. */
export function toValueSql(name: FeatureName | 'score'): string {
  if (name === 'score') return 'readings.score';
  return `CAST(JSON_EXTRACT(readings.features, '$[${featureNames.indexOf(name)}]') AS DOUBLE)`;
}

const featuresSchema = z.tuple([z.number(), z.number(), z.number()]);

/** @throws ZodError if the column does not have the values of a reading */
export function parseFeatures(text: string): FeatureValues {
  const [temperature, humidity, sound_volume] = featuresSchema.parse(JSON.parse(text));
  return { temperature, humidity, sound_volume };
}
