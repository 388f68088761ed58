import { type SensorState, type SensorsQuery, sensorIdSchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { toValidationError } from '../../http/parse-request.ts';
import { selectRows } from '../../storage/connection.ts';
import { decodeCursor, encodeCursor, sqlTimestampSchema } from '../../storage/cursor.ts';
import { selectWithin } from '../../storage/time-limit.ts';
import { type Condition, toWhere } from '../../storage/where.ts';
import { newestOnSql, toArrivalsSql } from './newest-arrivals.ts';

/** Time limit of a query for one page of sensors. */
export const limitMs = 2000;

/** A sensor's position in a sort: its sort key, and its name to break ties. */
export interface SensorPlace {
  place: string | number;
  sensor_id: string;
}

/** The states by their sort key, the worst first. */
export const statesByPlace = ['anomaly', 'silent', 'normal'] as const satisfies readonly SensorState[];

/** SQL for the sort key of a sensor's state by its newest reading `newest`. The placeholder is `silentBefore`. */
export const statePlaceSql =
  'CASE WHEN newest.received_at >= ? THEN IF(newest.prediction = 1, 0, 2) ELSE 1 END AS place';

/** The sort key of a new sensor whose first arrival is not flushed yet: it sorts as the most recent one. */
const placeOfUnflushed = '9999-12-31 23:59:59.999';

const placeSchemas = { name: z.literal(''), last_seen: sqlTimestampSchema, state: z.int().min(0).max(2) };

/** Selects the sensors after a position. */
export function isBeyond(after: SensorPlace | undefined, order: 'asc' | 'desc'): Condition[] {
  if (after === undefined) return [];
  const sign = order === 'asc' ? '>' : '<';
  return [{ sql: `(place, sensor_id) ${sign} (?, ?)`, values: [after.place, after.sensor_id] }];
}

interface PlaceOptions {
  /** The last sensor of the previous page. */
  after: SensorPlace | undefined;
  limit: number;
  /** A sensor whose newest reading arrived before this is silent. */
  silentBefore: string;
}

/** The sensors of the next page, in order. @throws StorageError */
export function listSensorPlaces(
  pool: Pool,
  query: SensorsQuery,
  { after, limit, silentBefore }: PlaceOptions,
): Promise<SensorPlace[]> {
  const { order } = query;
  const places = toPlaces(query, silentBefore);
  const where = toWhere(isBeyond(after, order));
  const sql = `place, sensor_id FROM (${places.sql}) AS places ${where.sql}
    ORDER BY place ${order}, sensor_id ${order} LIMIT ?`;
  return selectWithin<SensorPlace>(
    pool,
    { sql, values: [...places.values, ...where.values, limit] },
    limitMs,
  );
}

/** Counts all sensors that match the search. @throws StorageError */
export async function countSensors(pool: Pool, query: SensorsQuery): Promise<number> {
  const { sql, values } = toNames(query);
  const [row] = await selectRows<{ total: number }>(pool, {
    sql: `SELECT COUNT(*) AS total FROM ${sql}`,
    values,
  });
  return row?.total ?? 0;
}

type Sorting = Pick<SensorsQuery, 'sort' | 'order'>;

/** Encodes the position, with the sort that it belongs to, as an opaque cursor. */
export function formatSensorCursor({ sort, order }: Sorting, { place, sensor_id }: SensorPlace): string {
  return encodeCursor([sort, order, place, sensor_id]);
}

/** Decodes a cursor. @throws ApiError `validation_failed` for a cursor that is damaged or belongs to another sort */
export function parseSensorCursor(cursor: string, { sort, order }: Sorting): SensorPlace {
  const schema = z.tuple([z.literal(sort), z.literal(order), placeSchemas[sort], sensorIdSchema]);
  const parsed = schema.safeParse(decodeCursor(cursor));
  if (parsed.success) return { place: parsed.data[2], sensor_id: parsed.data[3] };
  const message = `expected the unchanged next_cursor of a page sorted by ${sort} ${order}`;
  throw toValidationError([{ path: 'cursor', message }]);
}

function toPlaces(query: SensorsQuery, silentBefore: string): Condition {
  const names = toNames(query);
  if (query.sort === 'name')
    return { sql: `SELECT '' AS place, sensor_id FROM ${names.sql}`, values: names.values };
  if (query.sort === 'last_seen')
    return {
      sql: `SELECT COALESCE(arrivals.last_seen, '${placeOfUnflushed}') AS place, sensors.sensor_id
        FROM ${names.sql} LEFT JOIN ledger_arrivals AS arrivals ON arrivals.sensor_id = sensors.sensor_id`,
      values: names.values,
    };
  return {
    sql: `SELECT ${statePlaceSql}, arrivals.sensor_id
      FROM ${toArrivalsSql(names.sql)} LEFT JOIN ${newestOnSql}`,
    values: [silentBefore, ...names.values],
  };
}

/** SQL for all sensors that have ever stored a reading and match the search. */
function toNames({ search }: SensorsQuery): Condition {
  const hasSearch = search !== undefined && search !== '';
  const where = toWhere(
    hasSearch ? [{ sql: 'LOCATE(?, sensor_id COLLATE utf8mb4_general_ci) > 0', values: [search] }] : [],
  );
  return {
    sql: `(SELECT sensor_id FROM ledger_stored ${where.sql}
      UNION SELECT sensor_id FROM rollup_deltas ${where.sql}) AS sensors`,
    values: [...where.values, ...where.values],
  };
}
