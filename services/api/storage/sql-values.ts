import { parse, stringify, validate } from 'uuid';

/** `2026-11-22T15:00:00.000Z` → `2026-11-22 15:00:00.000`, a DATETIME(3) value in any session. */
export function toSqlTimestamp(utc: string): string {
  return utc.slice(0, 23).replace('T', ' ');
}

/** Milliseconds since the epoch as a DATETIME(3) value. */
export function toSqlTime(timeMs: number): string {
  return toSqlTimestamp(new Date(timeMs).toISOString());
}

/** `2026-11-22 15:00:00.000` → `2026-11-22T15:00:00.000Z`. */
export function fromSqlTimestamp(timestamp: string): string {
  return `${timestamp.replace(' ', 'T')}Z`;
}

/** A UUID as the 16 bytes of a BINARY(16) column. @throws TypeError if it is not a UUID */
export function toSqlId(id: string): Buffer {
  return Buffer.from(parse(id));
}

/** A UUID as a hexadecimal SQL literal. @throws TypeError if it is not a UUID */
export function toHexId(id: string): string {
  if (!validate(id)) throw new TypeError(`not a UUID: ${id}`);
  return `x'${id.replaceAll('-', '')}'`;
}

export function fromSqlId(id: Buffer): string {
  return stringify(id);
}
