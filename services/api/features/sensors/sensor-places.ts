import { type SensorState, type SensorsQuery, sensorIdSchema } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { toValidationError } from '../../http/parse-request.ts';
import type { Select } from '../../storage/connection.ts';
import { decodeCursor, encodeCursor, sqlTimestampSchema } from '../../storage/cursor.ts';
import { toSqlTime } from '../../storage/sql-values.ts';
import { type Condition, toWhere } from '../../storage/where.ts';
import { type AlertMemoryRow, isRetiredSql, isSilentSql } from './alert-memory.ts';
import { findStatesTable } from './sensor-states.ts';

/** A sensor's position in a sort: its sort key, and its name to break ties. */
export interface SensorPlace {
  place: string | number;
  sensor_id: string;
}

/** The states by their sort key, the worst first; retired sensors last. */
export const statesByPlace = [
  'anomaly',
  'silent',
  'normal',
  'unscored',
  'silent',
] as const satisfies readonly SensorState[];
export const placeOfRetired = 4;

/** SQL for the sort key of a sensor's state by its newest reading `newest` and its `states`. */
export function toStatePlace(now: string, silentAfterMs: number): Condition {
  const retired = isRetiredSql({ now, silentAfterMs });
  const silent = isSilentSql({ now, silentAfterMs });
  return {
    sql: `CASE WHEN newest.received_at IS NULL OR ${retired.sql} THEN ${placeOfRetired} WHEN ${silent.sql} THEN 1
      WHEN newest.prediction = 1 OR states.anomaly_at IS NOT NULL THEN 0 WHEN newest.prediction = 0 THEN 2 ELSE 3 END`,
    values: [...retired.values, ...silent.values],
  };
}

/** The sort key of a new sensor whose first arrival is not flushed yet: it sorts as the most recent one. */
const placeOfUnflushed = '9999-12-31 23:59:59.999';

const placeSchemas = {
  name: z.literal(''),
  last_seen: sqlTimestampSchema,
  state: z.int().min(0).max(placeOfRetired),
};

/** Selects the sensors after a position. */
export function isBeyond(after: SensorPlace | undefined, order: 'asc' | 'desc'): Condition[] {
  if (after === undefined) return [];
  const sign = order === 'asc' ? '>' : '<';
  return [{ sql: `(place, sensor_id) ${sign} (?, ?)`, values: [after.place, after.sensor_id] }];
}

interface PlaceOptions {
  /** The key of the type. */
  type: number;
  /** The last sensor of the previous page. */
  after: SensorPlace | undefined;
  limit: number;
  now: Date;
  silentAfterMs: number;
}

interface SensorRow extends SensorPlace, AlertMemoryRow {
  sensor: number;
  /** The newest reading by arrival, which retention may have removed. */
  last_id: Buffer;
  /** The arrival of any reading, a duplicate included; null if it is not written yet. */
  last_seen: string | null;
  /** The number of all sensors that match the search. */
  total: number;
}

/** The sensors of the next page, in order, with the number of all. @throws StorageError */
export async function listSensorPlaces(
  select: Select,
  query: SensorsQuery,
  { type, after, limit, now, silentAfterMs }: PlaceOptions,
): Promise<SensorRow[]> {
  const { order } = query;
  const statePlace = toStatePlace(toSqlTime(now.getTime()), silentAfterMs);
  const places = toPlaces(await findStatesTable(select, type), query, statePlace);
  const where = toWhere(isBeyond(after, order));
  const sql = `SELECT * FROM (${places.sql}) AS places ${where.sql}
    ORDER BY place ${order}, sensor_id ${order} LIMIT ?`;
  return select<SensorRow>({ sql, values: [...places.values, ...where.values, limit] });
}

/** Counts all sensors that match the search; `listSensorPlaces` does too, unless its page is empty. */
export async function countSensors(
  select: Select,
  query: SensorsQuery,
  options: Pick<PlaceOptions, 'type' | 'now' | 'silentAfterMs'>,
): Promise<number> {
  const [first] = await listSensorPlaces(select, query, { ...options, after: undefined, limit: 1 });
  return first?.total ?? 0;
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

/** The sort key of each sensor that matches the search. */
function toPlaces(states: Condition, { sort, search }: SensorsQuery, statePlace: Condition): Condition {
  const place = {
    name: { sql: "''", values: [] },
    last_seen: { sql: `COALESCE(arrivals.last_seen, '${placeOfUnflushed}')`, values: [] },
    state: statePlace,
  }[sort];
  const newest = 'LEFT JOIN readings AS newest ON newest.id = states.last_id';
  const where = toWhere(
    search === undefined || search === ''
      ? []
      : [{ sql: 'LOCATE(?, states.name COLLATE utf8mb4_general_ci) > 0', values: [search] }],
  );
  return {
    sql: `SELECT ${place.sql} AS place, states.name AS sensor_id, states.sensor, states.last_id, states.received_at, states.anomaly_at,
      states.mean_gap_ms, states.gaps, states.outages, arrivals.last_seen,
      COUNT(*) OVER () AS total
      FROM (${states.sql}) AS states LEFT JOIN sensor_arrivals AS arrivals ON arrivals.sensor = states.sensor
      ${sort === 'state' ? newest : ''} ${where.sql}`,
    values: [...place.values, ...states.values, ...where.values],
  };
}
