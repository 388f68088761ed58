import type { SortColumn } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { toValidationError } from '../http/parse-request.ts';
import { fromSqlTimestamp, toSqlTimestamp } from './sql-values.ts';

export interface Sorting {
  sort: SortColumn;
  order: 'asc' | 'desc';
}

/** A time as a column DATETIME(3) has it. */
export const sqlTimestampSchema = z
  .string()
  .regex(/^[1-9]\d{3}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3}$/)
  .refine(isRealTime);

/** An AUTO_INCREMENT key. */
export const seqSchema = z.int().nonnegative();

/** The last row of a page: its values in the columns of the order, and its place of arrival. */
export interface Position {
  values: readonly (string | number)[];
  seq: number;
}

/** By which columns each order goes; `seq` decides between equals. */
export function toSortKeys(sort: SortColumn): readonly SortColumn[] {
  return sort === 'prediction' ? ['prediction', 'timestamp'] : [sort];
}

type SortedRow = Record<Exclude<SortColumn, 'timestamp'>, number> & { timestamp: string; seq: number };

export function toPosition(row: SortedRow, sort: SortColumn): Position {
  return { values: toSortKeys(sort).map((key) => row[key]), seq: row.seq };
}

export function formatCursor({ sort, order }: Sorting, { values, seq }: Position): string {
  return encodeCursor([sort, order, values, seq]);
}

export function encodeCursor(place: unknown): string {
  return Buffer.from(JSON.stringify(place)).toString('base64url');
}

export function decodeCursor(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** @throws ApiError `validation_failed` for a cursor that is damaged or of another order. */
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
  const message = `expected the next_cursor of a page sorted by ${sort} ${order}, unchanged`;
  throw toValidationError([{ path: 'cursor', message }]);
}

/** MySQL answers an error to a date that does not exist, where MariaDB finds nothing. */
function isRealTime(timestamp: string): boolean {
  const date = new Date(fromSqlTimestamp(timestamp));
  return !Number.isNaN(date.getTime()) && toSqlTimestamp(date.toISOString()) === timestamp;
}
