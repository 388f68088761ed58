import { setImmediate as yieldToEventLoop } from 'node:timers/promises';
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
  let at = 0;
  for (const row of rows) {
    columns.seq[at] = row.seq;
    columns.sensor[at] = row.sensor;
    columns.timestampMs[at] = toTimestampMs(row.timestamp);
    columns.receivedMs[at] = toReceivedMs(row.received_at);
    columns.prediction[at] = row.prediction ?? Number.NaN;
    columns.score[at] = row.score ?? Number.NaN;
    // As a number, the JSON text `null` is NaN too.
    columns.value[at] = row.value === null ? Number.NaN : Number(row.value);
    columns.label[at] = row.label ?? Number.NaN;
    at += 1;
  }
  return columns;
}

/** All readings of some pages in the order of `seq`. Other requests are answered in between. */
export async function joinInOrder(pages: readonly ReadingColumns[]): Promise<ReadingColumns> {
  const joined = createColumns(pages.reduce((length, { seq }) => length + seq.length, 0));
  for (const name of columnNames) {
    let start = 0;
    for (const page of pages) {
      joined[name].set(page[name], start);
      start += page[name].length;
    }
  }
  await yieldToEventLoop();
  const order = toOrder(joined.seq);
  if (order === null) return joined;
  for (const name of columnNames) {
    await yieldToEventLoop();
    reorder(joined[name], order);
  }
  return joined;
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

/**
 * The indexes of the readings in the order of `seq`; null if they are in order. Sorts numbers, not indexes by a comparison, which
 * would take ten times as long and block other requests. The low bits of each number are an index, which of a million readings has
 * 20 bits; the other 33 are the distance of `seq` from the lowest one.
 */
function toOrder(seq: Float64Array): Uint32Array | null {
  const { length } = seq;
  let lowest = Infinity;
  let isInOrder = true;
  for (let at = 0; at < length; at++) {
    const one = numberAt(seq, at);
    if (at > 0 && one < numberAt(seq, at - 1)) isInOrder = false;
    lowest = Math.min(lowest, one);
  }
  if (isInOrder) return null;
  const step = 2 ** Math.ceil(Math.log2(length));
  const keys = new Float64Array(length);
  for (let at = 0; at < length; at++) keys[at] = (numberAt(seq, at) - lowest) * step + at;
  keys.sort();
  const order = new Uint32Array(length);
  for (let at = 0; at < length; at++) order[at] = numberAt(keys, at) % step;
  return order;
}

function reorder(column: Float64Array, order: Uint32Array): void {
  const before = column.slice();
  for (let at = 0; at < order.length; at++) column[at] = numberAt(before, order[at] ?? 0);
}
