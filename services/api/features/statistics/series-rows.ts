import { selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import { selectWithin } from '../../storage/time-limit.ts';
import { toWhere } from '../../storage/where.ts';
import type { Rollup } from './rollups/rollup.ts';
import { conditionsOf, type SeriesRow, type SeriesSelection, seriesColumns } from './series-selection.ts';
import { listTopAnomalies } from './top-anomalies.ts';

/** The first readings of the range, in order of time. @throws StorageError */
export function listReadings(series: SeriesSelection, limit: number): Promise<SeriesRow[]> {
  const { sql, values } = toWhere(conditionsOf('readings', series));
  return selectRows<SeriesRow>(series.pool, {
    sql: `SELECT ${seriesColumns} FROM readings ${sql} ORDER BY readings.timestamp, readings.seq LIMIT ${limit}`,
    values,
  });
}

/** A sample has at least this many readings. */
const minSampled = 1000;
const sampleLimitMs = 2000;

/** The statistics of a part of the range. */
interface Bucket {
  startMs: number;
  rollup: Rollup;
}

/**
 * A sample of the readings of the range, and its top anomalies, in order of time. The same query has the same sample.
 * @throws StorageError `question_too_slow`
 */
export async function listSample(series: SeriesSelection, buckets: readonly Bucket[]): Promise<SeriesRow[]> {
  const count = buckets.reduce((sum, { rollup }) => sum + rollup.count, 0);
  const step = Math.max(1, Math.floor(count / Math.max(series.query.points, minSampled)));
  const sampled = await sampleByArrival(series, { step, count });
  const rows = isEven(sampled, { buckets, step }) ? sampled : await sampleAtRandom(series, step);
  const anomalies = await listTopAnomalies(
    series,
    buckets.reduce((sum, { rollup }) => sum + rollup.anomalies, 0),
  );
  const bySeq = new Map([...rows, ...anomalies].map((row) => [row.seq, row]));
  return [...bySeq.values()].sort(compareTimes);
}

/** Where more readings of other sensors and times arrived in between, all readings are searched instead. */
const maxOthers = 3;

/**
 * One of each `step` readings in the order of arrival, between the first and the last reading of the range: these are found
 * by their numbers, without reading the index entries of all readings. Only a sample if readings arrived in the order of
 * time.
 */
async function sampleByArrival(
  series: SeriesSelection,
  { step, count }: { step: number; count: number },
): Promise<SeriesRow[]> {
  const { first, last } = await findEnds(series);
  if (last - first > (1 + maxOthers) * count) return [];
  const seqs: number[] = [];
  for (let block = Math.floor(first / step); block * step <= last; block++)
    seqs.push(block * step + (scramble(block) % step));
  const { sql, values } = toWhere([
    { sql: 'readings.seq IN (?)', values: [seqs] },
    ...conditionsOf('readings', series),
  ]);
  return selectRows<SeriesRow>(series.pool, {
    sql: `SELECT ${seriesColumns} FROM readings FORCE INDEX (PRIMARY) ${sql}`,
    values,
  });
}

/** The least and the greatest number among the first and the last reading of each sensor in the range. */
async function findEnds(series: SeriesSelection): Promise<{ first: number; last: number }> {
  const selections = series.keys?.map((key) => ({ ...series, keys: [key] })) ?? [series];
  const ends = selections.flatMap((selection) => {
    const { sql, values } = toWhere(conditionsOf('readings', selection));
    return ['ASC', 'DESC'].map((order) => ({
      sql: `(SELECT seq FROM readings FORCE INDEX (${toIndex(series)}) ${sql}
        ORDER BY timestamp ${order}, seq ${order} LIMIT 1)`,
      values,
    }));
  });
  const rows = await selectRows<{ seq: number }>(series.pool, {
    sql: ends.map(({ sql }) => sql).join(' UNION ALL '),
    values: ends.flatMap(({ values }) => values),
  });
  const seqs = rows.map(({ seq }) => seq);
  return { first: Math.min(...seqs), last: Math.max(...seqs) };
}

function toIndex({ keys }: SeriesSelection): string {
  return keys === undefined ? 'readings_type_timestamp' : 'readings_sensor_timestamp';
}

/** A pseudorandom number of 32 bits: equal steps could always find the same sensors. */
function scramble(block: number): number {
  const mixed = Math.imul(block ^ (block >>> 16), 0x45d9f3b);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** In parts of so many expected readings, a random sample has half of them with near certainty. */
const expectedInPart = 50;

/** Whether each part of the range has about as many readings in the sample as its rollups count. */
function isEven(
  rows: readonly SeriesRow[],
  { buckets, step }: { buckets: readonly Bucket[]; step: number },
): boolean {
  const times = rows.map(({ timestamp }) => Date.parse(fromSqlTimestamp(timestamp))).sort((a, b) => a - b);
  const starts = buckets.slice(1).map(({ startMs }) => startMs);
  let [place, expected, sampled] = [0, 0, 0];
  for (const [index, { rollup }] of buckets.entries()) {
    const endMs = starts[index] ?? Infinity;
    expected += rollup.count / step;
    while ((times[place] ?? Infinity) < endMs) [place, sampled] = [place + 1, sampled + 1];
    if (expected < expectedInPart && index < buckets.length - 1) continue;
    if (sampled < Math.floor(expected / 2)) return false;
    [expected, sampled] = [0, 0];
  }
  return true;
}

/**
 * Readings that a hash of `seq` chooses: the index has `seq`, so that only the chosen rows are read.
 * @throws StorageError `question_too_slow`
 */
function sampleAtRandom(series: SeriesSelection, step: number): Promise<SeriesRow[]> {
  const { sql, values } = toWhere([
    ...conditionsOf('readings', series),
    { sql: `CRC32(readings.seq) % ${step} = 0`, values: [] },
  ]);
  const sample = `SELECT readings.seq FROM readings FORCE INDEX (${toIndex(series)}) ${sql}`;
  return selectWithin<SeriesRow>(
    series.pool,
    {
      sql: `${seriesColumns} FROM (${sample}) AS sample STRAIGHT_JOIN readings ON readings.seq = sample.seq`,
      values,
    },
    sampleLimitMs,
  );
}

function compareTimes(a: SeriesRow, b: SeriesRow): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1;
  return a.seq - b.seq;
}
