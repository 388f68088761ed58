import { z } from 'zod';
import { toValidationError } from '../http/parse-request.ts';
import { fromSqlTimestamp, toSqlTimestamp } from './sql-values.ts';

export interface Sorting {
  /** `timestamp`, or the name of another column. */
  sort: string;
  order: 'asc' | 'desc';
}

/** A DATETIME(3) value as text. */
export const sqlTimestampSchema = z
  .string()
  .regex(/^[1-9]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)
  .refine(isRealTime);

/** An AUTO_INCREMENT key. */
export const seqSchema = z.int().nonnegative();

/** Identifies the last row of a page: its values in the order of the sort. */
export interface Position {
  /** The value of the sort column, null where it is missing; undefined if that is `timestamp`. */
  value: number | null | undefined;
  /** As in SQL. */
  timestamp: string;
  seq: number;
}

/** Encodes the position, with the sort that it belongs to, as an opaque cursor. */
export function formatCursor({ sort, order }: Sorting, { value, timestamp, seq }: Position): string {
  return encodeCursor([sort, order, value === undefined ? [timestamp] : [value, timestamp], seq]);
}

/** JSON as base64url. */
export function encodeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

/** Reverses `encodeCursor`; undefined for invalid input. The caller validates the result. */
export function decodeCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** Decodes a cursor. @throws ApiError `validation_failed` for a cursor that is damaged or belongs to another sort */
export function parseCursor(cursor: string, { sort, order }: Sorting): Position {
  const schema = z.tuple([
    z.literal(sort),
    z.literal(order),
    sort === 'timestamp'
      ? z.tuple([sqlTimestampSchema])
      : z.tuple([z.number().nullable(), sqlTimestampSchema]),
    seqSchema,
  ]);
  const parsed = schema.safeParse(decodeCursor(cursor));
  if (parsed.success) {
    const [, , keys, seq] = parsed.data;
    if (keys.length === 1) return { value: undefined, timestamp: keys[0], seq };
    return { value: keys[0], timestamp: keys[1], seq };
  }
  const message = `expected the unchanged next_cursor of a page sorted by ${sort} ${order}`;
  throw toValidationError([{ path: 'cursor', message }]);
}

/** For a date that does not exist, MySQL raises an error while MariaDB finds nothing. */
function isRealTime(timestamp: string): boolean {
  const date = new Date(fromSqlTimestamp(timestamp));
  return !Number.isNaN(date.getTime()) && toSqlTimestamp(date.toISOString()) === timestamp;
}
