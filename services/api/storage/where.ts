import { toSqlTime } from './sql-values.ts';

/** A condition of a WHERE clause, with a value for each placeholder. */
export interface Condition {
  sql: string;
  values: readonly unknown[];
}

/** Selects the rows whose time is in a range, of which either end may be infinite. */
export function rangeConditions(
  column: string,
  { fromMs, toMs }: { fromMs: number; toMs: number },
): Condition[] {
  return [
    ...(Number.isFinite(fromMs) ? [{ sql: `${column} >= ?`, values: [toSqlTime(fromMs)] }] : []),
    ...(Number.isFinite(toMs) ? [{ sql: `${column} < ?`, values: [toSqlTime(toMs)] }] : []),
  ];
}

interface TimeWindow {
  from?: string | undefined;
  to?: string | undefined;
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
