import type { ReadingEvent, Scored, StoredReading } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { fromSqlId, fromSqlTimestamp } from '../../storage/sql-values.ts';
import { type LoadedType, toFeatureValues, type Values } from '../types/sensor-type.ts';
import type { TypeRegistry } from '../types/type-registry.ts';

/** A scored reading, as the API works with it. */
export interface Reading extends Scored {
  /** A UUID. */
  id: string;
  type: LoadedType;
  sensor_id: string;
  timestamp: string;
  /** In the order of the type's features. */
  values: Values;
}

/** A scored reading before its commit. */
export interface ScoredReading {
  reading: Reading;
  /** The key of the sensor. */
  sensor: number;
  receivedAt: string;
}

/** A reading as clients see it: flat, with a property per feature. */
export function toStoredReading({ type, values, ...reading }: Reading): StoredReading {
  const { id, sensor_id, timestamp, prediction, score, model } = reading;
  const scored = { prediction, score, model };
  return { id, type: type.name, sensor_id, timestamp, ...toFeatureValues(type, values), ...scored };
}

/** The columns of a `Reading`, selected from `readingTables`. */
export const readingColumns = `readings.seq, readings.id, readings.type, sensors.name AS sensor_id, readings.timestamp,
  readings.features, readings.prediction, readings.score, models.name AS model`;

/** The same columns with the arrival, which determines the state of a sensor, and the key of the sensor. */
export const arrivedColumns = `${readingColumns}, readings.received_at, readings.sensor`;

/** Joins the names of sensors and models to `readings`. STRAIGHT_JOIN: the server must not start from the sensors. */
export const readingNames = `STRAIGHT_JOIN sensors ON sensors.id = readings.sensor
  LEFT JOIN models ON models.id = readings.model`;

export const readingTables = `readings ${readingNames}`;

/** A row with `readingColumns`. */
export interface ReadingRow extends Scored {
  seq: number;
  id: Buffer;
  /** The key of the type. */
  type: number;
  sensor_id: string;
  timestamp: string;
  /** JSON */
  features: string;
}

/** A row with `arrivedColumns`. */
export interface ArrivedRow extends ReadingRow {
  received_at: string;
  /** The key of the sensor. */
  sensor: number;
}

/** Maps rows, whose types are loaded if they are not known yet. @throws StorageError */
export async function toReadings(types: TypeRegistry, rows: readonly ReadingRow[]): Promise<Reading[]> {
  const readings: Reading[] = [];
  for (const row of rows) readings.push(toReading(await types.requireById(row.type), row));
  return readings;
}

export function toReading(type: LoadedType, { id, timestamp, features, ...row }: ReadingRow): Reading {
  const { sensor_id, prediction, score, model } = row;
  return {
    id: fromSqlId(id),
    type,
    sensor_id,
    timestamp: fromSqlTimestamp(timestamp),
    values: parseValues(type, features),
    prediction,
    score,
    model,
  };
}

export function toReadingEvent(type: LoadedType, row: ArrivedRow): ReadingEvent {
  return { ...toStoredReading(toReading(type, row)), received_at: fromSqlTimestamp(row.received_at) };
}

/** The value of a feature as a number that SQL calculates with; NULL if it is missing. @param place its index in the type */
export function toValueSql(place: number): string {
  return `CAST(JSON_VALUE(readings.features, '$[${place}]') AS DOUBLE)`;
}

const valuesSchema = z.array(z.number().nullable());

/**
 * Reads the column `features`. A reading that is older than a feature has no value for it.
 * @throws ZodError if the column does not have the values of a reading
 */
export function parseValues({ featureNames }: LoadedType, text: string): Values {
  const values = valuesSchema.parse(JSON.parse(text));
  return featureNames.map((_, index) => values[index] ?? null);
}

/** The column `features`. Every value is read back bit for bit. */
export function formatValues(values: Values): string {
  return `[${values.map(formatValue).join()}]`;
}

/** JSON has a negative zero, but `String` drops its sign. */
function formatValue(value: number | null): string {
  return Object.is(value, -0) ? '-0.0' : String(value);
}
