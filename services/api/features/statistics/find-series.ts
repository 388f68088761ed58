import type { ReadingSeries, Series, SeriesQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { fromSqlId, fromSqlTimestamp } from '../../storage/sql-values.ts';
import { toWindowAnswer } from '../../storage/where.ts';
import type { LoadedType, Values } from '../types/sensor-type.ts';
import { findBuckets, toBucketSeries } from './bucket-series.ts';
import { type SampledReading, sampleReadings } from './sample-readings.ts';
import { findSelectedKeys, toRange } from './select-segments.ts';
import { listReadings, listSample } from './series-rows.ts';
import type { SeriesRow } from './series-selection.ts';
import { findSpan } from './series-span.ts';
import { listTopAnomalies, toMostAnomalies } from './top-anomalies.ts';

/** All readings of a window are read if there are at most this many. */
const maxReadings = 10_000;
/** The same limit where there are enough buckets: reading that many rows takes noticeably longer. */
const maxReadingsWithEnoughBuckets = 4000;
/** Readings that may arrive between counting them and reading them. */
const slackReadings = 1000;

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
  const { hasReadings, hasEnough } = found;
  if (hasReadings && counts.count <= (hasEnough ? maxReadingsWithEnoughBuckets : maxReadings)) {
    return toReadingSeries(type, query, { rows: await listReadings(series, maxReadings + slackReadings) });
  }
  if (hasReadings && !hasEnough)
    return toReadingSeries(type, query, { rows: await listSample(series, found.buckets), counts });
  const anomalies = await listTopAnomalies(series, counts.anomalies);
  return toBucketSeries({
    type,
    query,
    found,
    topAnomalies: toColumns(
      type,
      anomalies.map((row) => toSampledReading(type, row)),
    ),
  });
}

const noReadings = { count: 0, anomalies: 0 };

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
  const { points } = query;
  const { kept, gaps } = sampleReadings(readings, { points, maxAnomalies: toMostAnomalies(points) });
  const anomalies = counts?.anomalies ?? countAnomalies(rows);
  return {
    type: type.name,
    ...toWindowAnswer(query),
    resolution: 'reading',
    count: counts?.count ?? rows.length,
    anomalies,
    downsampled: kept.length < (counts?.count ?? rows.length),
    anomalies_sampled: countAnomalies(kept) < anomalies,
    gaps: gaps.map(({ before, after }) => ({
      from: fromSqlTimestamp(before.timestamp),
      to: fromSqlTimestamp(after.timestamp),
    })),
    ...toColumns(type, kept),
    prediction: kept.map(({ prediction }) => prediction),
  };
}

function countAnomalies(rows: readonly SeriesRow[]): number {
  return rows.filter(({ prediction }) => prediction === 1).length;
}

interface SeriesReading extends SeriesRow, SampledReading {}

/** The values are trusted: only the API writes them, and a series reads thousands. */
function toSampledReading({ featureNames }: LoadedType, row: SeriesRow): SeriesReading {
  const stored = JSON.parse(row.features) as Values;
  const values = featureNames.map((_, place) => stored[place] ?? null);
  return { ...row, values, timestampMs: Date.parse(fromSqlTimestamp(row.timestamp)) };
}

function toColumns(type: LoadedType, rows: readonly SeriesReading[]) {
  const values = rows.map((row) => row.values);
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
