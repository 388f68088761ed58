import { timestampSchema } from '@sensor-sentinel/contracts';

const utc = /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,9}))?)?Z?$/;
/** The usual form, on a day that every month has: `Date.parse` needs no further check. */
const common = /^(?:19[7-9]|[2-8]\d\d)\d-\d\d-(?:[01]\d|2[0-8])T(?:[01]\d|2[0-3]):\d\d:\d\d(?:\.\d{3})?Z$/;
const epochSeconds = /^\d{9,10}(?:\.\d{1,6})?$/;
const epochMs = /^\d{12,13}$/;
const firstMs = 0;
const lastMs = Date.parse('9999-01-01T00:00:00.000Z') - 1;

/**
 * Milliseconds since 1970 of an ISO 8601 date and time (in UTC where it has no offset), or of seconds or milliseconds
 * since 1970. NaN for anything else.
 */
export function parseTimestamp(text: string): number {
  if (common.test(text)) return Date.parse(text);
  const parts = utc.exec(text);
  if (parts !== null) return toMs(parts.slice(1));
  if (epochSeconds.test(text)) return Math.round(Number(text) * 1000);
  if (epochMs.test(text)) return Number(text);
  const parsed = timestampSchema.safeParse(text);
  return parsed.success ? Date.parse(parsed.data) : Number.NaN;
}

function toMs(parts: readonly (string | undefined)[]): number {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts
    .slice(0, 6)
    .map((part) => Number(part ?? 0));
  const fraction = Number(`${parts[6] ?? ''}000`.slice(0, 3));
  const ms = Date.UTC(year, month - 1, day, hour, minute, second, fraction);
  const isReal = new Date(ms).getUTCDate() === day && month <= 12 && hour < 24 && minute < 60 && second < 60;
  return isReal && month > 0 && ms >= firstMs && ms <= lastMs ? ms : Number.NaN;
}
