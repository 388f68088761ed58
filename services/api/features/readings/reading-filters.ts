import type { ReadingsSelection } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import type { Condition } from '../../storage/where.ts';
import { findSelectedKeys } from '../statistics/select-segments.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { toValueSql } from './reading-row.ts';

/** A selection of readings with its type and the keys of its sensors; undefined: all sensors. */
export interface KeyedSelection extends Omit<ReadingsSelection, 'type'> {
  type: LoadedType;
  sensors: readonly number[] | undefined;
  /** Selects only readings that have the value by which they are sorted, or only those that do not. */
  sorted?: 'present' | 'missing';
}

/** Sensors that have never stored a reading have no key. @throws StorageError */
export async function findSelectedSensors(
  pool: Pool,
  type: LoadedType,
  selection: ReadingsSelection,
): Promise<KeyedSelection> {
  return { ...selection, type, sensors: await findSelectedKeys(pool, type.id, selection) };
}

/** The place of a value in rollups. @param name a feature of the type, or `score` */
export function toPlace({ featureNames }: LoadedType, name: string): number | 'score' {
  return name === 'score' ? name : featureNames.indexOf(name);
}

/** The value as SQL. @param name a feature of the type, or `score` */
export function toNamedValueSql(type: LoadedType, name: string): string {
  const place = toPlace(type, name);
  return place === 'score' ? 'readings.score' : toValueSql(place);
}

/** The tables whose rows can be selected by time and sensor: all readings, or only the anomalies. */
export type TimedTable = 'readings' | 'anomalies';

/** Anomalies have a table of their own. */
export function toTimedTable({ prediction }: Pick<ReadingsSelection, 'prediction'>): TimedTable {
  return prediction === 1 ? 'anomalies' : 'readings';
}

/** Conditions on time and sensors, of which the index of `toTimeIndex` is a range. */
export function timeConditions(table: TimedTable, { type, from, to, sensors }: KeyedSelection): Condition[] {
  return [
    sensors === undefined
      ? { sql: `${table}.type = ?`, values: [type.id] }
      : { sql: `${table}.sensor IN (?)`, values: [sensors] },
    ...given(`${table}.timestamp >= ?`, from && toSqlTimestamp(from)),
    ...given(`${table}.timestamp < ?`, to && toSqlTimestamp(to)),
  ];
}

export function toTimeIndex(table: TimedTable, { sensors }: KeyedSelection): string {
  return `${table}_${sensors === undefined ? 'type' : 'sensor'}_timestamp`;
}

/** Conditions on the columns of `readings` beyond time and sensors. */
export function valueConditions({ type, prediction, ranges, sort, sorted }: KeyedSelection): Condition[] {
  return [
    ...(prediction === 0 ? [{ sql: 'readings.prediction = 0', values: [] }] : []),
    ...ranges.flatMap(({ name, min, max }) => [
      ...given(`${toNamedValueSql(type, name)} >= ?`, min),
      ...given(`${toNamedValueSql(type, name)} <= ?`, max),
    ]),
    ...(sorted === undefined ? [] : [toPresence(toSortedSql(type, sort), sorted)]),
  ];
}

function toSortedSql(type: LoadedType, sort: string): string {
  return sort === 'prediction' ? 'readings.prediction' : toNamedValueSql(type, sort);
}

function toPresence(value: string, sorted: 'present' | 'missing'): Condition {
  return { sql: `${value} IS ${sorted === 'present' ? 'NOT NULL' : 'NULL'}`, values: [] };
}

function given(sql: string, value: unknown): Condition[] {
  return value === undefined ? [] : [{ sql, values: [value] }];
}
