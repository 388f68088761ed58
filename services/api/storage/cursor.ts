import type { SortColumn } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { toValidationError } from '../http/parse-request.ts';
import { fromSqlTimestamp, toSqlTimestamp } from './sql-values.ts';

export interface Sorting {
  sort: SortColumn;
  order: 'asc' | 'desc';
}

/** A DATETIME(3) value as text. */
export const sqlTimestampSchema = z
  .string()
  .regex(/^[1-9]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)
  .refine(isRealTime);

/** An AUTO_INCREMENT key. */
export const seqSchema = z.int().nonnegative();

/** Identifies the last row of a page: its values in the sort columns and its `seq`. */
export interface Position {
  values: readonly (string | number)[];
  seq: number;
}

/** The columns that each sort uses; `seq` breaks ties. */
export function toSortKeys(sort: SortColumn): readonly SortColumn[] {
  return sort === 'prediction' ? ['prediction', 'timestamp'] : [sort];
}

type SortedRow = Record<Exclude<SortColumn, 'timestamp'>, number> & { timestamp: string; seq: number };

export function toPosition(row: SortedRow, sort: SortColumn): Position {
  return { values: toSortKeys(sort).map((key) => row[key]), seq: row.seq };
}

/** Encodes the position, with the sort that it belongs to, as an opaque cursor. */
export function formatCursor({ sort, order }: Sorting, { values, seq }: Position): string {
  return encodeCursor([sort, order, values, seq]);
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
  const values = toSortKeys(sort).map((key) => (key === 'timestamp' ? sqlTimestampSchema : z.number()));
  const schema = z.tuple([
    z.literal(sort),
    z.literal(order),
    z.array(z.union([z.string(), z.number()])),
    seqSchema,
  ]);
  const parsed = schema.safeParse(decodeCursor(cursor));
  const isValid =
    parsed.success &&
    parsed.data[2].length === values.length &&
    values.every((value, index) => value.safeParse(parsed.data[2][index]).success);
  if (isValid) return { values: parsed.data[2], seq: parsed.data[3] };
  const message = `expected the unchanged next_cursor of a page sorted by ${sort} ${order}`;
  throw toValidationError([{ path: 'cursor', message }]);
}

/** For a date that does not exist, MySQL raises an error while MariaDB finds nothing. */
function isRealTime(timestamp: string): boolean {
  const date = new Date(fromSqlTimestamp(timestamp));
  return !Number.isNaN(date.getTime()) && toSqlTimestamp(date.toISOString()) === timestamp;
}
