import { fromSqlTimestamp } from '../../../storage/sql-values.ts';

const columnNames = [
  'seq',
  'sensor',
  'timestampMs',
  'receivedMs',
  'prediction',
  'score',
  'value',
  'label',
] as const;
type ColumnName = (typeof columnNames)[number];

/** Readings as one array per column, 64 bytes per reading. NaN stands for null. */
export type ReadingColumns = Readonly<Record<ColumnName, Float64Array>>;

/** A reading with the value of the feature that a rule is about, and with its feedback. */
export interface PreviewRow {
  seq: number;
  /** The key of the sensor. */
  sensor: number;
  timestamp: string;
  received_at: string;
  prediction: 0 | 1 | null;
  score: number | null;
  /** JSON; null if the value is missing. */
  value: string | null;
  label: 0 | 1 | null;
}

/** The value at a place; NaN where there is none. */
export function numberAt(column: Float64Array, at: number): number {
  return column[at] ?? Number.NaN;
}

export function toColumns(rows: readonly PreviewRow[]): ReadingColumns {
  const columns = createColumns(rows.length);
  const [toTimestampMs, toReceivedMs] = [createTimeParser(), createTimeParser()];
  for (const [at, row] of rows.entries()) {
    columns.seq[at] = row.seq;
    columns.sensor[at] = row.sensor;
    columns.timestampMs[at] = toTimestampMs(row.timestamp);
    columns.receivedMs[at] = toReceivedMs(row.received_at);
    columns.prediction[at] = row.prediction ?? Number.NaN;
    columns.score[at] = row.score ?? Number.NaN;
    // As a number, the JSON text `null` is NaN too.
    columns.value[at] = row.value === null ? Number.NaN : Number(row.value);
    columns.label[at] = row.label ?? Number.NaN;
  }
  return columns;
}

/** All readings of some pages in the order of `seq`. */
export function joinInOrder(pages: readonly ReadingColumns[]): ReadingColumns {
  const seq = concatenate(pages.map((page) => page.seq));
  const order = toOrder(seq);
  const join = (name: ColumnName) => reorder(concatenate(pages.map((page) => page[name])), order);
  return {
    seq: reorder(seq, order),
    sensor: join('sensor'),
    timestampMs: join('timestampMs'),
    receivedMs: join('receivedMs'),
    prediction: join('prediction'),
    score: join('score'),
    value: join('value'),
    label: join('label'),
  };
}

function createColumns(length: number): ReadingColumns {
  const column = () => new Float64Array(length);
  return {
    seq: column(),
    sensor: column(),
    timestampMs: column(),
    receivedMs: column(),
    prediction: column(),
    score: column(),
    value: column(),
    label: column(),
  };
}

/** Most times are in the same minute as the one before, so that few are parsed as a whole. */
function createTimeParser(): (timestamp: string) => number {
  let minute = '';
  let minuteStartMs = 0;
  return (timestamp) => {
    const start = timestamp.slice(0, 17);
    if (start !== minute) {
      minute = start;
      minuteStartMs = Date.parse(fromSqlTimestamp(`${start}00.000`));
    }
    return minuteStartMs + Math.round(Number(timestamp.slice(17)) * 1000);
  };
}

function concatenate(parts: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((length, part) => length + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/**
 * The indexes of the readings in the order of `seq`; null if they are in order. Sorts numbers, not indexes by a comparison, which
 * would take ten times as long and block other requests. The low bits of each number are an index, which of a million readings has
 * 20 bits; the other 33 are the distance of `seq` from the lowest one.
 */
function toOrder(seq: Float64Array): Float64Array | null {
  if (seq.every((one, at) => at === 0 || one >= numberAt(seq, at - 1))) return null;
  const lowest = seq.reduce((least, one) => Math.min(least, one), Infinity);
  const step = 2 ** Math.ceil(Math.log2(seq.length));
  const keys = seq.map((one, at) => (one - lowest) * step + at).sort();
  return keys.map((key) => key % step);
}

function reorder(column: Float64Array, order: Float64Array | null): Float64Array {
  return order === null ? column : order.map((at) => numberAt(column, at));
}
