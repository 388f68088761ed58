import { maxSeriesPoints, type Series, type SeriesQuery } from '@sensor-sentinel/contracts';
import { toStorageError } from '../storage/database-errors.ts';
import type { CallbackPool } from '../storage/pool.ts';
import { selectRows } from '../storage/run-query.ts';
import { fromSqlId, fromSqlTimestamp } from '../storage/sql-values.ts';
import { createExtremesSampler, type SeriesPoint } from './extremes-sampler.ts';
import { toWhere, toWindowAnswer, windowConditions } from './where.ts';

interface SpanRow {
  count: number;
  anomalies: number;
  first: string | null;
  last: string | null;
}

interface SeriesRow extends Omit<SeriesPoint, 'timestampMs'> {
  id: Buffer;
  timestamp: string;
}

type Point = SeriesPoint & SeriesRow;

const columns = 'seq, id, timestamp, temperature, humidity, sound_volume, prediction, score';

async function findSpan(pool: CallbackPool, query: SeriesQuery): Promise<SpanRow> {
  const where = toWhere(windowConditions(query));
  const sql = `SELECT COUNT(*) AS count, CAST(COALESCE(SUM(prediction), 0) AS DOUBLE) AS anomalies,
    MIN(timestamp) AS first, MAX(timestamp) AS last FROM readings ${where.sql}`;
  const [span] = await selectRows<SpanRow>(pool, { sql, values: where.values });
  return span ?? { count: 0, anomalies: 0, first: null, last: null };
}

async function* streamPoints(pool: CallbackPool, query: SeriesQuery): AsyncGenerator<Point> {
  const where = toWhere(windowConditions(query));
  const sql = `SELECT ${columns} FROM readings ${where.sql}`;
  const stream = pool.query({ sql, values: [...where.values] }).stream({ highWaterMark: 1000 });
  try {
    for await (const row of stream) {
      const seriesRow = row as SeriesRow; // the columns above
      yield { ...seriesRow, timestampMs: Date.parse(fromSqlTimestamp(seriesRow.timestamp)) };
    }
  } catch (error) {
    throw toStorageError(error);
  }
}

async function samplePoints(pool: CallbackPool, query: SeriesQuery, span: SpanRow): Promise<Point[]> {
  if (span.first === null || span.last === null) return [];
  const sampler = createExtremesSampler<Point>({
    fromMs: Date.parse(fromSqlTimestamp(span.first)),
    toMs: Date.parse(fromSqlTimestamp(span.last)),
    points: query.points,
    maxAnomalies: maxSeriesPoints,
    anomalies: span.anomalies,
  });
  const everyPoint: Point[] = [];
  for await (const point of streamPoints(pool, query)) {
    if (span.count <= query.points) everyPoint.push(point);
    else sampler.add(point);
  }
  if (span.count > query.points) return sampler.kept();
  return everyPoint.sort((a, b) => a.timestampMs - b.timestampMs || a.seq - b.seq);
}

export async function findSeries(pool: CallbackPool, query: SeriesQuery): Promise<Series> {
  const span = await findSpan(pool, query);
  const points = await samplePoints(pool, query, span);
  return {
    ...toWindowAnswer(query),
    count: span.count,
    anomalies: span.anomalies,
    downsampled: span.count > query.points,
    anomalies_sampled: span.anomalies > maxSeriesPoints,
    id: points.map(({ id }) => fromSqlId(id)),
    timestamp: points.map(({ timestamp }) => fromSqlTimestamp(timestamp)),
    temperature: points.map(({ temperature }) => temperature),
    humidity: points.map(({ humidity }) => humidity),
    sound_volume: points.map(({ sound_volume }) => sound_volume),
    prediction: points.map(({ prediction }) => prediction),
  };
}
