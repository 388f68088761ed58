import { z } from 'zod';
import { toValidationError } from '../../http/parse-request.ts';
import { decodeCursor, encodeCursor, seqSchema, sqlTimestampSchema } from '../../storage/cursor.ts';
import type { Condition } from '../../storage/where.ts';

/** Where a reading stands among those of its sensor: by its time, as SQL has it, then by its arrival. */
export interface Place {
  timestamp: string;
  seq: number;
}

export function isAfter(a: Place, b: Place): boolean {
  return a.timestamp === b.timestamp ? a.seq > b.seq : a.timestamp > b.timestamp;
}

/** The first condition is a stretch of an index; the second judges those of the very same time. */
function beyond(sign: '<' | '>', { timestamp, seq }: Place): Condition {
  return {
    sql: `timestamp ${sign}= ? AND (timestamp ${sign} ? OR seq ${sign} ?)`,
    values: [timestamp, timestamp, seq],
  };
}

export function isBeforeSql(place: Place | undefined): Condition[] {
  return place === undefined ? [] : [beyond('<', place)];
}

export function isAfterSql(place: Place | undefined): Condition[] {
  return place === undefined ? [] : [beyond('>', place)];
}

export function formatPlace({ timestamp, seq }: Place): string {
  return encodeCursor([timestamp, seq]);
}

const placeSchema = z.tuple([sqlTimestampSchema, seqSchema]);

/** @throws ApiError `validation_failed` for a cursor that is damaged. */
export function parsePlace(cursor: string): Place {
  const parsed = placeSchema.safeParse(decodeCursor(cursor));
  if (parsed.success) return { timestamp: parsed.data[0], seq: parsed.data[1] };
  throw toValidationError([{ path: 'cursor', message: 'expected the next_cursor of a page, unchanged' }]);
}
