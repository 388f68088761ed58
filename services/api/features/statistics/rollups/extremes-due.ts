import type { Select, Statement } from '../../../storage/connection.ts';
import { toSqlTime } from '../../../storage/sql-values.ts';

interface HourKey {
  /** The key of the type. */
  type: number;
  /** The start of the hour, as in SQL. */
  bucket: string;
}

/** An hour whose lists of extremes are to be built. */
export interface DueHour extends HourKey {
  /** When a fold last changed the rollup of the hour, by the clock of the database. */
  changed_at: string;
}

/** Marks hours that have changed. */
export function toDueStatement(hours: readonly HourKey[]): Statement {
  return {
    sql: `INSERT INTO extremes_due (type, bucket, changed_at) VALUES ${hours.map(() => '(?, ?, UTC_TIMESTAMP(6))').join()}
      ON DUPLICATE KEY UPDATE changed_at = VALUES(changed_at)`,
    values: hours.flatMap(({ type, bucket }) => [type, bucket]),
  };
}

interface DueQuery {
  /** The start of the current hour. */
  currentMs: number;
  /** Other hours are due if no fold has changed them since. */
  quietSinceMs: number;
  limit: number;
}

/** The newest hours first. */
export function listDueHours(
  select: Select,
  { currentMs, quietSinceMs, limit }: DueQuery,
): Promise<DueHour[]> {
  return select<DueHour>({
    sql: `SELECT type, bucket, changed_at FROM extremes_due WHERE bucket = ? OR changed_at < ?
      ORDER BY bucket DESC LIMIT ${limit}`,
    values: [toSqlTime(currentMs), toSqlTime(quietSinceMs)],
  });
}

/** Deletes the mark, unless a fold has renewed it. */
export function toDoneStatement({ type, bucket, changed_at }: DueHour): Statement {
  return {
    sql: 'DELETE FROM extremes_due WHERE type = ? AND bucket = ? AND changed_at = ?',
    values: [type, bucket, changed_at],
  };
}
