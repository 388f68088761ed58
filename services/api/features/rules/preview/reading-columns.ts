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

/**
 * All readings of some pages in the order of `seq`, but those that were older than `maxAgeMs` at their arrival as if they had arrived
 * at their timestamp. Other requests are answered in between.
 */
export async function joinInOrder(
  pages: readonly ReadingColumns[],
  maxAgeMs: number,
): Promise<ReadingColumns> {
  const joined = createColumns(pages.reduce((length, { seq }) => length + seq.length, 0));
  for (const name of columnNames) {
    let start = 0;
    for (const page of pages) {
      joined[name].set(page[name], start);
      start += page[name].length;
    }
  }
  await yieldToEventLoop();
  await reorderBy(joined, joined.seq);
  await yieldToEventLoop();
  await reorderBy(joined, toArrivals(joined, maxAgeMs));
  return joined;
}

/** When a reading counts as arrived, in ms. Those that are not too old keep their order. */
function toArrivals({ timestampMs, receivedMs }: ReadingColumns, maxAgeMs: number): Float64Array {
  const arrivals = new Float64Array(timestampMs.length);
  let latestMs = -Infinity;
  for (let at = 0; at < arrivals.length; at++) {
    const [timestamp, received] = [numberAt(timestampMs, at), numberAt(receivedMs, at)];
    const isOld = received - timestamp > maxAgeMs;
    if (!isOld) latestMs = Math.max(latestMs, received);
    arrivals[at] = isOld ? timestamp : latestMs;
  }
  return arrivals;
}

/** Sorts the readings by these values, one for each; those with the same value keep their order. */
async function reorderBy(columns: ReadingColumns, values: Float64Array): Promise<void> {
  const order = toOrder(values);
  if (order === null) return;
  for (const name of columnNames) {
    await yieldToEventLoop();
    reorder(columns[name], order);
  }
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
 * The indexes of integers in ascending order; null if they are in order. Sorts numbers, not indexes by a comparison, which would take
 * ten times as long and block other requests. The low bits of each number are an index, which of a million readings has 20 bits; the
 * other 33 are the distance from the lowest value, in larger units if it needs more: 33 bits are 99 days in ms.
 */
function toOrder(values: Float64Array): Uint32Array | null {
  const { length } = values;
  let [lowest, highest] = [Infinity, -Infinity];
  let isInOrder = true;
  for (let at = 0; at < length; at++) {
    const one = numberAt(values, at);
    if (at > 0 && one < numberAt(values, at - 1)) isInOrder = false;
    lowest = Math.min(lowest, one);
    highest = Math.max(highest, one);
  }
  if (isInOrder) return null;
  const step = 2 ** Math.ceil(Math.log2(length));
  const unit = 2 ** Math.max(0, Math.ceil(Math.log2((highest - lowest + 1) * step)) - 53);
  const keys = new Float64Array(length);
  for (let at = 0; at < length; at++)
    keys[at] = Math.floor((numberAt(values, at) - lowest) / unit) * step + at;
  keys.sort();
  const order = new Uint32Array(length);
  for (let at = 0; at < length; at++) order[at] = numberAt(keys, at) % step;
  return order;
}

function reorder(column: Float64Array, order: Uint32Array): void {
  const before = column.slice();
  for (let at = 0; at < order.length; at++) column[at] = numberAt(before, order[at] ?? 0);
}
