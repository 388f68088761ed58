import { type FieldError, type ReadingInput, readingInputSchema } from '@sensor-sentinel/contracts';
import { toFieldErrors } from '../../http/parse-request.ts';
import { readPlainly } from './read-plainly.ts';

const maxClockLeadMs = 24 * 3600 * 1000;

export type Checked = { input: ReadingInput; errors?: never } | { input?: never; errors: FieldError[] };

/** A reading as a client sent it, or what is wrong with it, field by field. */
export function checkReading(body: unknown, now: Date): Checked {
  const plain = readPlainly(body);
  const parsed = plain ? ({ success: true, data: plain } as const) : readingInputSchema.safeParse(body);
  if (!parsed.success) return { errors: toFieldErrors(parsed.error) };
  const { timestamp } = parsed.data;
  const isAhead = timestamp !== undefined && Date.parse(timestamp) > now.getTime() + maxClockLeadMs;
  if (!isAhead) return { input: parsed.data };
  const message = `expected at most 24 hours after now (${now.toISOString()}): check the sensor's clock`;
  return { errors: [{ path: 'timestamp', message }] };
}
