import { toSqlTimestamp } from './sql-values.ts';

/** A condition of a WHERE clause, with a value for each placeholder. */
export interface Condition {
  sql: string;
  values: readonly unknown[];
}

interface TimeWindow {
  from?: string | undefined;
  to?: string | undefined;
  sensor_id?: readonly string[] | undefined;
}

/** Selects the readings of a time window, and of its sensors if given. */
export function windowConditions({ from, to, sensor_id }: TimeWindow): Condition[] {
  return [
    ...(from === undefined ? [] : [{ sql: 'timestamp >= ?', values: [toSqlTimestamp(from)] }]),
    ...(to === undefined ? [] : [{ sql: 'timestamp < ?', values: [toSqlTimestamp(to)] }]),
    ...ofSensors(sensor_id),
  ];
}

/**
 * Selects the readings of these sensors. The index is (sensor_id, prediction, timestamp): naming both predictions lets
 * the server search it by time.
 */
export function ofSensors(sensorIds: readonly string[] | undefined): Condition[] {
  if (sensorIds === undefined) return [];
  return [{ sql: 'sensor_id IN (?) AND prediction IN (0, 1)', values: [sensorIds] }];
}

/** `WHERE a AND b`, or the empty string without conditions. */
export function toWhere(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return { sql: '', values: [] };
  return {
    sql: `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`,
    values: conditions.flatMap(({ values }) => values),
  };
}

/** The requested window, as it is repeated in a response. */
export function toWindowAnswer({ from, to }: TimeWindow): { from: string | null; to: string | null } {
  return { from: from ?? null, to: to ?? null };
}
