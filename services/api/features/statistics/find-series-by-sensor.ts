import { maxSeriesSensors, type SeriesBySensor, type SeriesQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { selectRows } from '../../storage/connection.ts';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import { toWindowAnswer } from '../../storage/where.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { findSeries } from './find-series.ts';

/**
 * A series of each sensor, or one of all readings if there are more than six sensors.
 * @throws StorageError
 */
export async function findSeriesBySensor(
  pool: Pool,
  type: LoadedType,
  query: SeriesQuery,
): Promise<SeriesBySensor> {
  const answer = { type: type.name, ...toWindowAnswer(query) };
  const sensors = query.sensor_id ?? (await listActiveSensors(pool, type.id, query.from));
  if (sensors.length > maxSeriesSensors)
    return { ...answer, series: [{ ...(await findSeries(pool, type, query)), sensor_id: null }] };
  const points = Math.max(minPoints, Math.floor(query.points / sensors.length));
  const series: SeriesBySensor['series'] = [];
  // One after another, so that one request does not occupy several connections.
  for (const sensor_id of sensors) {
    const found = await findSeries(pool, type, { ...query, sensor_id: [sensor_id], points });
    if (found.count > 0) series.push({ ...found, sensor_id });
  }
  return { ...answer, series };
}

/** The least that a query may ask for. */
const minPoints = 10;

/** The sensors with a reading since `from`, one more than can have a series each. A new sensor has no state yet. */
async function listActiveSensors(pool: Pool, type: number, from: string | undefined): Promise<string[]> {
  const rows = await selectRows<{ name: string }>(pool, {
    sql: `SELECT sensors.name FROM sensors LEFT JOIN sensor_states ON sensor_states.sensor = sensors.id
      WHERE sensors.type = ? AND (sensor_states.newest IS NULL OR sensor_states.newest >= ?)
      ORDER BY sensors.name LIMIT ${maxSeriesSensors + 1}`,
    values: [type, toSqlTimestamp(from ?? '1000-01-01T00:00:00.000Z')],
  });
  return rows.map(({ name }) => name);
}
