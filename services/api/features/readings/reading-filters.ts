import type { FeatureName, ReadingsSelection } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import type { Condition } from '../../storage/where.ts';
import { findSensorKeys } from '../statistics/select-segments.ts';
import { toValueSql } from './reading-row.ts';

/** A selection of readings with the keys of its sensors; undefined: all sensors. */
export interface KeyedSelection extends ReadingsSelection {
  sensors: readonly number[] | undefined;
}

/** Sensors that have never stored a reading have no key. @throws StorageError */
export async function findSelectedSensors(pool: Pool, selection: ReadingsSelection): Promise<KeyedSelection> {
  return { ...selection, sensors: await findSensorKeys(pool, selection) };
}

/** The values that a selection can limit to a range, and sort by. */
export const rangedValues = ['temperature', 'humidity', 'sound_volume', 'score'] as const satisfies readonly (
  | FeatureName
  | 'score'
)[];
export type RangedValue = (typeof rangedValues)[number];

/** The limits of a value, both included. */
export function toLimits(selection: ReadingsSelection, name: RangedValue): { min: number; max: number } {
  return { min: selection[`${name}_min`] ?? -Infinity, max: selection[`${name}_max`] ?? Infinity };
}

/** The tables whose rows can be selected by time and sensor: all readings, or only the anomalies. */
export type TimedTable = 'readings' | 'anomalies';

/** Anomalies have a table of their own. */
export function toTimedTable({ prediction }: ReadingsSelection): TimedTable {
  return prediction === 1 ? 'anomalies' : 'readings';
}

/** Conditions on time and sensors, of which the index of `toTimeIndex` is a range. */
export function timeConditions(table: TimedTable, { from, to, sensors }: KeyedSelection): Condition[] {
  return [
    ...given(`${table}.sensor IN (?)`, sensors),
    ...given(`${table}.timestamp >= ?`, from && toSqlTimestamp(from)),
    ...given(`${table}.timestamp < ?`, to && toSqlTimestamp(to)),
  ];
}

export function toTimeIndex(table: TimedTable, { sensors }: KeyedSelection): string {
  return `${table}_${sensors === undefined ? 'timestamp' : 'sensor_timestamp'}`;
}

/** Conditions on the columns of `readings` beyond time and sensors. */
export function valueConditions(selection: ReadingsSelection): Condition[] {
  const ranges = rangedValues.flatMap((name) => [
    ...given(`${toValueSql(name)} >= ?`, selection[`${name}_min`]),
    ...given(`${toValueSql(name)} <= ?`, selection[`${name}_max`]),
  ]);
  const isNormal = selection.prediction === 0 ? [{ sql: 'readings.prediction = 0', values: [] }] : [];
  return [...isNormal, ...ranges];
}

function given(sql: string, value: unknown): Condition[] {
  return value === undefined ? [] : [{ sql, values: [value] }];
}
