import type { Series, SeriesQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import { findBuckets, toBucketSeries } from './find-series-buckets.ts';
import { findNewestAnomalies, findReadingSeries } from './find-series-readings.ts';
import { type HorizonColumns, horizonColumns, toHorizons } from './retention/retention-horizons.ts';
import { allSensors } from './rollups/rollup.ts';
import { toRange } from './select-segments.ts';
import { type Horizons, hourMs, nothingRemoved, type Range } from './window-plan.ts';

/** Above so many, a window is answered from rollups: what is read does not grow with the table. */
const mostReadings = 10_000;
/** Above so many already, where rollups draw the window finely enough: reading rows takes longer than people wait. */
const manyReadings = 4000;
/** The share of the points asked for that makes buckets fine enough. */
const fineShare = 1 / 8;
/** What may arrive between counting and reading. */
const slackReadings = 1000;
const mostNewestAnomalies = 200;

type SpanRow = HorizonColumns & Record<'first' | 'last', string | null>;

interface Span extends Range {
  horizons: Horizons;
}

/** The hours that hold anything of these sensors, and what retention has removed. */
async function findSpan(pool: Pool, sensors: readonly string[] = [allSensors]): Promise<Span> {
  const isOfAll = sensors.includes(allSensors);
  const sql = `SELECT first, last, ${horizonColumns} FROM
    (SELECT MIN(bucket) AS first, MAX(bucket) AS last FROM
      (SELECT MIN(bucket) AS bucket FROM readings_hour WHERE sensor_id IN (?)
      UNION ALL SELECT MAX(bucket) FROM readings_hour WHERE sensor_id IN (?)
      UNION ALL SELECT bucket FROM rollup_deltas WHERE ${isOfAll ? 'TRUE' : 'sensor_id IN (?)'}) AS buckets) AS span
    LEFT JOIN retention_horizons ON TRUE`;
  const [row] = await selectRows<SpanRow>(pool, {
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

/** Real readings where there are few, else buckets of minutes or more with their extremes. */
export async function findSeries(pool: Pool, query: SeriesQuery): Promise<Series> {
  const asked = toRange(query);
  const span = await findSpan(pool, query.sensor_id);
  const range = { fromMs: Math.max(asked.fromMs, span.fromMs), toMs: Math.min(asked.toMs, span.toMs) };
  if (range.fromMs >= range.toMs) return findReadingSeries(pool, query, 0);
  const found = await findBuckets(pool, { query, range, horizons: span.horizons });
  const count = found.buckets.reduce((sum, bucket) => sum + bucket.count, 0);
  const hasReadings = range.fromMs >= found.horizons.readings;
  const isFine = (range.toMs - range.fromMs) / found.bucketMs >= query.points * fineShare;
  if (hasReadings && count <= (isFine ? manyReadings : mostReadings))
    return findReadingSeries(pool, query, mostReadings + slackReadings);
  const newestAnomalies = await findNewestAnomalies(pool, query, mostNewestAnomalies);
  return toBucketSeries({ query, found, newestAnomalies });
}
