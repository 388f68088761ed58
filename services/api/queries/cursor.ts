import type { SortColumn } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { toValidationError } from '../parse-request.ts';

const cursorSchema = z.tuple([
  z.string(),
  z.enum(['asc', 'desc']),
  z.union([z.string(), z.number()]),
  z.int(),
]);

export interface Sorting {
  sort: SortColumn;
  order: 'asc' | 'desc';
}

/** The last row of a page: its value in the sort column and its place of arrival. */
export interface Position {
  value: string | number;
  seq: number;
}

export function formatCursor({ sort, order }: Sorting, { value, seq }: Position): string {
  return Buffer.from(JSON.stringify([sort, order, value, seq])).toString('base64url');
}

function decode(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString());
  } catch {
    return undefined;
  }
}

/** @throws ApiError `validation_failed` for a cursor that is damaged or of another order. */
export function parseCursor(cursor: string, { sort, order }: Sorting): Position {
  const parsed = cursorSchema.safeParse(decode(cursor));
  const isTextual = sort === 'timestamp';
  const isValid =
    parsed.success &&
    parsed.data[0] === sort &&
    parsed.data[1] === order &&
    (typeof parsed.data[2] === 'string') === isTextual;
  if (isValid) return { value: parsed.data[2], seq: parsed.data[3] };
  const message = `expected the next_cursor of a page sorted by ${sort} ${order}, unchanged`;
  throw toValidationError([{ path: 'cursor', message }]);
}
