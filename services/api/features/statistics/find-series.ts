import {
  maxSeriesPoints,
  type ReadingSeries,
  type Series,
  type SeriesQuery,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { fromSqlId, fromSqlTimestamp } from '../../storage/sql-values.ts';
import { toWhere, toWindowAnswer, windowConditions } from '../../storage/where.ts';
import { findBuckets, toBucketSeries } from './bucket-series.ts';
import { allSensors } from './rollups/rollup.ts';
import { type SampledReading, sampleReadings } from './sample-readings.ts';
import { toRange } from './select-segments.ts';
import {
  type HorizonColumns,
  type Horizons,
  horizonColumns,
  hourMs,
  nothingRemoved,
  type Range,
  toHorizons,
} from './window-plan.ts';

/** A window with more readings is answered from rollups, so that the rows read do not grow with the table. */
const maxReadings = 10_000;
/** The same limit where buckets are fine enough: reading that many rows takes noticeably longer. */
const maxReadingsWithFineBuckets = 4000;
/** Buckets are fine enough if there are at least this share of `points`. */
const fineShare = 1 / 8;
/** Readings that may arrive between counting them and reading them. */
const slackReadings = 1000;
const maxNewestAnomalies = 200;

/** Few readings as they are, many readings as buckets with their minimum and maximum. */
export async function findSeries(pool: Pool, query: SeriesQuery): Promise<Series> {
  const window = toRange(query);
  const span = await findSpan(pool, query.sensor_id);
  const range = { fromMs: Math.max(window.fromMs, span.fromMs), toMs: Math.min(window.toMs, span.toMs) };
  if (range.fromMs >= range.toMs) return findReadingSeries(pool, query, 0);
  const found = await findBuckets(pool, { query, range, horizons: span.horizons });
  const count = found.buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const hasReadings = range.fromMs >= found.horizons.readings;
  const isFine = (range.toMs - range.fromMs) / found.bucketMs >= query.points * fineShare;
  if (hasReadings && count <= (isFine ? maxReadingsWithFineBuckets : maxReadings))
    return findReadingSeries(pool, query, maxReadings + slackReadings);
  return toBucketSeries({ query, found, newestAnomalies: await findNewestAnomalies(pool, query) });
}

interface Span extends Range {
  horizons: Horizons;
}

/** The range of hours in which these sensors have readings, and the horizons of retention. */
async function findSpan(pool: Pool, sensors: readonly string[] = [allSensors]): Promise<Span> {
  const isOfAll = sensors.includes(allSensors);
  const sql = `SELECT first, last, ${horizonColumns} FROM
    (SELECT MIN(bucket) AS first, MAX(bucket) AS last FROM
      (SELECT MIN(bucket) AS bucket FROM readings_hour WHERE sensor_id IN (?)
      UNION ALL SELECT MAX(bucket) FROM readings_hour WHERE sensor_id IN (?)
      UNION ALL SELECT bucket FROM rollup_deltas WHERE ${isOfAll ? 'TRUE' : 'sensor_id IN (?)'}) AS buckets) AS span
    LEFT JOIN retention_horizons ON TRUE`;
  const [row] = await selectRows<HorizonColumns & Record<'first' | 'last', string | null>>(pool, {
    sql,
    values: [sensors, sensors, ...(isOfAll ? [] : [sensors])],
  });
  const horizons = row === undefined ? nothingRemoved : toHorizons(row);
  if (!row || row.first === null || row.last === null) return { fromMs: 0, toMs: 0, horizons };
  return {
    fromMs: Date.parse(fromSqlTimestamp(row.first)),
    toMs: Date.parse(fromSqlTimestamp(row.last)) + hourMs,
    horizons,
  };
}

interface SeriesRow extends Omit<SampledReading, 'timestampMs'> {
  id: Buffer;
  timestamp: string;
}

const columns = 'id, timestamp, temperature, humidity, sound_volume, prediction, score';

/** A series of readings; the window holds at most `maxRows` of them. */
async function findReadingSeries(pool: Pool, query: SeriesQuery, maxRows: number): Promise<ReadingSeries> {
  const where = toWhere(windowConditions(query));
  const sql = `SELECT ${columns} FROM readings ${where.sql} ORDER BY timestamp, seq LIMIT ${maxRows}`;
  const rows = await selectRows<SeriesRow>(pool, { sql, values: where.values });
  const readings = rows.map((row) => ({ ...row, timestampMs: Date.parse(fromSqlTimestamp(row.timestamp)) }));
  const { kept, gaps } = sampleReadings(readings, { points: query.points, maxAnomalies: maxSeriesPoints });
  const anomalies = rows.filter(({ prediction }) => prediction === 1).length;
  return {
    ...toWindowAnswer(query),
    resolution: 'reading',
    count: rows.length,
    anomalies,
    downsampled: kept.length < rows.length,
    anomalies_sampled: anomalies > maxSeriesPoints,
    gaps: gaps.map(({ before, after }) => ({
      from: fromSqlTimestamp(before.timestamp),
      to: fromSqlTimestamp(after.timestamp),
    })),
    ...toColumns(kept),
    prediction: kept.map(({ prediction }) => prediction),
  };
}

/** The newest anomalies of the window, in order of time. */
async function findNewestAnomalies(pool: Pool, query: SeriesQuery) {
  const where = toWhere([...windowConditions(query), { sql: 'prediction = 1', values: [] }]);
  const sql = `SELECT ${columns} FROM readings ${where.sql}
    ORDER BY timestamp DESC, seq DESC LIMIT ${maxNewestAnomalies}`;
  const rows = await selectRows<SeriesRow>(pool, { sql, values: where.values });
  return toColumns(rows.toReversed());
}

function toColumns(readings: readonly SeriesRow[]) {
  return {
    id: readings.map(({ id }) => fromSqlId(id)),
    timestamp: readings.map(({ timestamp }) => fromSqlTimestamp(timestamp)),
    temperature: readings.map(({ temperature }) => temperature),
    humidity: readings.map(({ humidity }) => humidity),
    sound_volume: readings.map(({ sound_volume }) => sound_volume),
  };
}
