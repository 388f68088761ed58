import { toSqlTimestamp } from '../storage/sql-values.ts';

export interface Condition {
  sql: string;
  values: readonly unknown[];
}

interface Window {
  from?: string | undefined;
  to?: string | undefined;
  sensor_id?: readonly string[] | undefined;
}

export function windowConditions({ from, to, sensor_id }: Window): Condition[] {
  return [
    ...(from === undefined ? [] : [{ sql: 'timestamp >= ?', values: [toSqlTimestamp(from)] }]),
    ...(to === undefined ? [] : [{ sql: 'timestamp < ?', values: [toSqlTimestamp(to)] }]),
    ...(sensor_id === undefined ? [] : [{ sql: 'sensor_id IN (?)', values: [sensor_id] }]),
  ];
}

/** `WHERE a AND b`, or nothing where there is no condition. */
export function toWhere(conditions: readonly Condition[]): Condition {
  if (conditions.length === 0) return { sql: '', values: [] };
  return {
    sql: `WHERE ${conditions.map(({ sql }) => sql).join(' AND ')}`,
    values: conditions.flatMap(({ values }) => values),
  };
}

export function toWindowAnswer({ from, to }: Window): { from: string | null; to: string | null } {
  return { from: from ?? null, to: to ?? null };
}
