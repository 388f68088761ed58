import { maxSeriesPoints, type ReadingSeries, type SeriesQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { fromSqlId, fromSqlTimestamp } from '../../storage/sql-values.ts';
import { toWhere, toWindowAnswer, windowConditions } from '../../storage/where.ts';
import { type SampledReading, sampleReadings } from './sample-readings.ts';

interface SeriesRow extends Omit<SampledReading, 'timestampMs'> {
  id: Buffer;
  timestamp: string;
}

const columns = 'id, timestamp, temperature, humidity, sound_volume, prediction, score';

/** The columns of an answer that readings have. */
export function toReadingColumns(readings: readonly SeriesRow[]) {
  return {
    id: readings.map(({ id }) => fromSqlId(id)),
    timestamp: readings.map(({ timestamp }) => fromSqlTimestamp(timestamp)),
    temperature: readings.map(({ temperature }) => temperature),
    humidity: readings.map(({ humidity }) => humidity),
    sound_volume: readings.map(({ sound_volume }) => sound_volume),
  };
}

/** The last anomalies of the window, in order of time. */
export async function findNewestAnomalies(pool: Pool, query: SeriesQuery, most: number) {
  const where = toWhere([...windowConditions(query), { sql: 'prediction = 1', values: [] }]);
  const sql = `SELECT ${columns} FROM readings ${where.sql} ORDER BY timestamp DESC, seq DESC LIMIT ${most}`;
  const rows = await selectRows<SeriesRow>(pool, { sql, values: where.values });
  return toReadingColumns(rows.toReversed());
}

/** A series of real readings, of which the window holds at most `mostRows`. */
export async function findReadingSeries(
  pool: Pool,
  query: SeriesQuery,
  mostRows: number,
): Promise<ReadingSeries> {
  const where = toWhere(windowConditions(query));
  const sql = `SELECT ${columns} FROM readings ${where.sql} ORDER BY timestamp, seq LIMIT ${mostRows}`;
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
    ...toReadingColumns(kept),
    prediction: kept.map(({ prediction }) => prediction),
  };
}
