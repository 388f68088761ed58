import {
  maxSeriesPoints,
  type ReadingSeries,
  type Series,
  type SeriesQuery,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { inSnapshot, selectRows } from '../../storage/connection.ts';
import { allSensors } from '../../storage/keys.ts';
import { fromSqlId, fromSqlTimestamp } from '../../storage/sql-values.ts';
import { selectWithin } from '../../storage/time-limit.ts';
import { type Condition, rangeConditions, toWhere, toWindowAnswer } from '../../storage/where.ts';
import { parseValues } from '../readings/reading-row.ts';
import type { LoadedType, Values } from '../types/sensor-type.ts';
import { findBuckets, toBucketSeries } from './bucket-series.ts';
import { listDeltas } from './rollups/deltas.ts';
import { toHour } from './rollups/rollup.ts';
import { type SampledReading, sampleReadings } from './sample-readings.ts';
import { findSelectedKeys, toRange } from './select-segments.ts';
import { hourMs, type Range } from './window-plan.ts';

/** All readings of a window are read if there are at most this many. */
const maxReadings = 10_000;
/** The same limit where there are enough buckets: reading that many rows takes noticeably longer. */
const maxReadingsWithEnoughBuckets = 4000;
/** A window with fewer buckets than this, and more readings, is answered with a sample of its readings. */
const enoughBuckets = 500;
/** Readings that may arrive between counting them and reading them. */
const slackReadings = 1000;
const maxNewestAnomalies = 200;

/**
 * Few readings as they are; many readings as buckets with their minimum and maximum, or, where the window is too short for
 * 500 buckets, as a sample.
 * @throws StorageError
 */
export async function findSeries(pool: Pool, type: LoadedType, query: SeriesQuery): Promise<Series> {
  const window = toRange(query);
  const keys = await findSelectedKeys(pool, type.id, query);
  const span = await findSpan(pool, type.id, keys);
  const range = { fromMs: Math.max(window.fromMs, span.fromMs), toMs: Math.min(window.toMs, span.toMs) };
  const series = { pool, type, query, keys, range };
  if (range.fromMs >= range.toMs) return toReadingSeries(type, query, { rows: [], counts: noReadings });
  const found = await findBuckets(pool, { type, query, keys, range });
  const counts = {
    count: found.buckets.reduce((sum, { rollup }) => sum + rollup.count, 0),
    anomalies: found.buckets.reduce((sum, { rollup }) => sum + rollup.anomalies, 0),
  };
  const hasReadings = range.fromMs >= found.horizons.readings;
  const hasEnough = (range.toMs - range.fromMs) / found.bucketMs >= Math.min(enoughBuckets, query.points / 2);
  if (hasReadings && counts.count <= (hasEnough ? maxReadingsWithEnoughBuckets : maxReadings)) {
    return toReadingSeries(type, query, { rows: await listReadings(series, maxReadings + slackReadings) });
  }
  if (hasReadings && !hasEnough)
    return toReadingSeries(type, query, { rows: await listSample(series, counts.count), counts });
  return toBucketSeries({
    type,
    query,
    found,
    newestAnomalies: toColumns(type, await listNewestAnomalies(series)),
  });
}

const noReadings = { count: 0, anomalies: 0 };

/** The range of hours in which these sensors have readings; an empty range if they have none. */
async function findSpan(pool: Pool, type: number, keys: readonly number[] = [allSensors]): Promise<Range> {
  if (keys.length === 0) return { fromMs: 0, toMs: 0 };
  const edges = ['MIN', 'MAX'].map(
    (edge) => `SELECT ${edge}(bucket) AS bucket FROM rollups_hour WHERE type = ? AND sensor IN (?)`,
  );
  const isOfAll = keys.includes(allSensors);
  const hours = await inSnapshot(pool, async (select) => {
    const stored = await select<{ bucket: string | null }>({
      sql: edges.join(' UNION ALL '),
      values: edges.flatMap(() => [type, keys]),
    });
    const pending = (await listDeltas(select))
      .flatMap(({ sensors }) => sensors)
      .filter((delta) => (isOfAll ? delta.type === type : keys.includes(delta.sensor)))
      .flatMap(({ minutes }) => minutes.map(({ bucket }) => toHour(bucket)));
    return [...stored.flatMap(({ bucket }) => bucket ?? []), ...pending];
  });
  if (hours.length === 0) return { fromMs: 0, toMs: 0 };
  const [first = '', last = ''] = [
    hours.reduce((a, b) => (a < b ? a : b)),
    hours.reduce((a, b) => (a > b ? a : b)),
  ];
  return {
    fromMs: Date.parse(fromSqlTimestamp(first)),
    toMs: Date.parse(fromSqlTimestamp(last)) + hourMs,
  };
}

/** What is selected for a series. */
interface SeriesSelection {
  pool: Pool;
  type: LoadedType;
  query: SeriesQuery;
  keys: readonly number[] | undefined;
  /** The part of the window that has readings. */
  range: Range;
}

interface SeriesRow {
  seq: number;
  id: Buffer;
  timestamp: string;
  /** JSON */
  features: string;
  prediction: 0 | 1 | null;
  score: number | null;
}

const columns = `readings.seq, readings.id, readings.timestamp, readings.features, readings.prediction, readings.score`;

/** The first readings of the range, in order of time. */
function listReadings({ pool, type, keys, range }: SeriesSelection, limit: number): Promise<SeriesRow[]> {
  const { sql, values } = toWhere([
    sensorCondition('readings', type, keys),
    ...rangeConditions('readings.timestamp', range),
  ]);
  return selectRows<SeriesRow>(pool, {
    sql: `SELECT ${columns} FROM readings ${sql} ORDER BY readings.timestamp, readings.seq LIMIT ${limit}`,
    values,
  });
}

function sensorCondition(
  table: 'readings' | 'anomalies',
  type: LoadedType,
  keys: readonly number[] | undefined,
): Condition {
  if (keys === undefined) return { sql: `${table}.type = ?`, values: [type.id] };
  return { sql: `${table}.sensor IN (?)`, values: [keys] };
}

/** The newest anomalies of the range, in order of time. */
async function listNewestAnomalies(
  { pool, type, keys, range }: SeriesSelection,
  limit = maxNewestAnomalies,
): Promise<SeriesRow[]> {
  const conditions = [
    sensorCondition('anomalies', type, keys),
    ...rangeConditions('anomalies.timestamp', range),
  ];
  const { sql, values } = toWhere(conditions);
  const rows = await selectRows<SeriesRow>(pool, {
    sql: `SELECT ${columns} FROM
      (SELECT seq FROM anomalies ${sql} ORDER BY timestamp DESC, seq DESC LIMIT ${limit}) AS newest
      STRAIGHT_JOIN readings ON readings.seq = newest.seq ORDER BY readings.timestamp, readings.seq`,
    values,
  });
  return rows;
}

const maxSampledAnomalies = 1000;
const sampleLimitMs = 2000;

/**
 * A random sample of the readings of the range, and its newest anomalies, in order of time. A hash of `seq` chooses the
 * readings: the index has `seq`, so that only the chosen rows are read, and the same query has the same sample.
 * @throws StorageError `question_too_slow`
 */
async function listSample(series: SeriesSelection, count: number): Promise<SeriesRow[]> {
  const { pool, type, query, keys, range } = series;
  const share = Math.max(1, Math.floor(count / Math.max(query.points, 2 * enoughBuckets)));
  const index = keys === undefined ? 'readings_type_timestamp' : 'readings_sensor_timestamp';
  const { sql, values } = toWhere([
    sensorCondition('readings', type, keys),
    ...rangeConditions('readings.timestamp', range),
    { sql: `CRC32(readings.seq) % ${share} = 0`, values: [] },
  ]);
  const rows = await selectWithin<SeriesRow>(
    pool,
    {
      sql: `${columns} FROM (SELECT readings.seq FROM readings FORCE INDEX (${index}) ${sql}) AS sample
        STRAIGHT_JOIN readings ON readings.seq = sample.seq`,
      values,
    },
    sampleLimitMs,
  );
  const anomalies = await listNewestAnomalies(series, maxSampledAnomalies);
  const bySeq = new Map([...rows, ...anomalies].map((row) => [row.seq, row]));
  return [...bySeq.values()].sort(compareTimes);
}

function compareTimes(a: SeriesRow, b: SeriesRow): number {
  if (a.timestamp !== b.timestamp) return a.timestamp < b.timestamp ? -1 : 1;
  return a.seq - b.seq;
}

interface ReadingSeriesOptions {
  /** In order of time. */
  rows: readonly SeriesRow[];
  /** The counts of the window if `rows` are only a sample. */
  counts?: { count: number; anomalies: number };
}

function toReadingSeries(
  type: LoadedType,
  query: SeriesQuery,
  { rows, counts }: ReadingSeriesOptions,
): ReadingSeries {
  const readings = rows.map((row) => toSampledReading(type, row));
  const { kept, gaps } = sampleReadings(readings, { points: query.points, maxAnomalies: maxSeriesPoints });
  const anomalies = rows.filter(({ prediction }) => prediction === 1).length;
  return {
    type: type.name,
    ...toWindowAnswer(query),
    resolution: 'reading',
    count: counts?.count ?? rows.length,
    anomalies: counts?.anomalies ?? anomalies,
    downsampled: kept.length < (counts?.count ?? rows.length),
    anomalies_sampled: anomalies > maxSeriesPoints || anomalies < (counts?.anomalies ?? anomalies),
    gaps: gaps.map(({ before, after }) => ({
      from: fromSqlTimestamp(before.timestamp),
      to: fromSqlTimestamp(after.timestamp),
    })),
    ...toColumns(type, kept),
    prediction: kept.map(({ prediction }) => prediction),
  };
}

interface SeriesReading extends SeriesRow, SampledReading {}

function toSampledReading(type: LoadedType, row: SeriesRow): SeriesReading {
  const timestampMs = Date.parse(fromSqlTimestamp(row.timestamp));
  return { ...row, values: parseValues(type, row.features), timestampMs };
}

function toColumns(type: LoadedType, rows: readonly SeriesRow[]) {
  const values = rows.map(({ features }) => parseValues(type, features));
  return {
    id: rows.map(({ id }) => fromSqlId(id)),
    timestamp: rows.map(({ timestamp }) => fromSqlTimestamp(timestamp)),
    ...toFeatureColumns(type, values),
  };
}

/** A column per feature, by name. */
function toFeatureColumns({ featureNames }: LoadedType, rows: readonly Values[]) {
  const columns = featureNames.map((name, place) => [name, rows.map((values) => values[place] ?? null)]);
  return Object.fromEntries(columns) as Record<string, (number | null)[]>;
}
