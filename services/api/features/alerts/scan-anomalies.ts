import type { EpisodesQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { toValidationError } from '../../http/parse-request.ts';
import { selectRows } from '../../storage/connection.ts';
import { decodeCursor, encodeCursor, seqSchema, sqlTimestampSchema } from '../../storage/cursor.ts';
import { selectWithin } from '../../storage/time-limit.ts';
import { type Condition, rangeConditions, toWhere } from '../../storage/where.ts';
import { findSelectedKeys, toRange } from '../statistics/select-segments.ts';

/** The position of a reading in the order of time; readings with the same time are in the order of arrival. */
export interface Place {
  /** As in SQL. */
  timestamp: string;
  seq: number;
}

export interface Anomaly extends Place {
  /** The key of the sensor. */
  sensor: number;
  score: number;
}

interface ScanQuery {
  /** The key of the type. */
  type: number;
  query: EpisodesQuery;
  /** The keys of sensors, each read by a query of its own; undefined: all sensors are read by one query. */
  sensors: readonly number[] | undefined;
  before: Place | undefined;
  /** By sensor, the place from which it is read on; null if nothing is left to read. */
  passed: ReadonlyMap<number, Place | null>;
  limit: number;
}

const limitMs = 2000;

/** The newest anomalies of the window before a place, newest first. */
export async function scanAnomalies(pool: Pool, scan: ScanQuery): Promise<Anomaly[]> {
  const { type, query, sensors, before, passed, limit } = scan;
  const window = rangeConditions('timestamp', toRange(query));
  const ofType = { sql: 'type = ?', values: [type] };
  const remaining = sensors?.filter((sensor) => passed.get(sensor) !== null);
  const selects = remaining?.map((sensor) => {
    const ofSensor = { sql: 'sensor = ?', values: [sensor] };
    const place = findOlder(before, passed.get(sensor) ?? undefined);
    const conditions = [ofSensor, ...window, ...beforePlace(place)];
    return toSelect('anomalies_sensor_timestamp', conditions, limit);
  }) ?? [toSelect('anomalies_type_timestamp', [ofType, ...window, ...beforePlace(before)], limit)];
  if (selects.length === 0) return [];
  const sql = `* FROM (${selects.map((select) => select.sql).join(' UNION ALL ')}) AS anomalies
    ORDER BY timestamp DESC, seq DESC LIMIT ${limit}`;
  return selectWithin<Anomaly>(pool, { sql, values: selects.flatMap(({ values }) => values) }, limitMs);
}

function findOlder(a: Place | undefined, b: Place | undefined): Place | undefined {
  if (a === undefined || b === undefined) return a ?? b;
  return isAfter(a, b) ? b : a;
}

/** With these conditions, the rows are one range of the index. */
function toSelect(index: string, conditions: readonly Condition[], limit: number): Condition {
  const { sql, values } = toWhere(conditions);
  return {
    sql: `(SELECT sensor, timestamp, seq, score FROM anomalies FORCE INDEX (${index}) ${sql}
      ORDER BY timestamp DESC, seq DESC LIMIT ${limit})`,
    values,
  };
}

const maxSeparateSensors = 20;

/** The keys of the sensors to read by a query each, so that a scan can skip a long run; undefined if they are many. */
export async function listSeparateSensors(
  pool: Pool,
  type: number,
  query: EpisodesQuery,
): Promise<readonly number[] | undefined> {
  const given = await findSelectedKeys(pool, type, query);
  if (given !== undefined) return given;
  const sql = `SELECT id FROM sensors WHERE type = ? LIMIT ${maxSeparateSensors + 1}`;
  const rows = await selectRows<{ id: number }>(pool, { sql, values: [type] });
  return rows.length > maxSeparateSensors ? undefined : rows.map(({ id }) => id);
}

export function isAfter(a: Place, b: Place): boolean {
  return a.timestamp === b.timestamp ? a.seq > b.seq : a.timestamp > b.timestamp;
}

export function beforePlace(place: Place | undefined): Condition[] {
  return place === undefined ? [] : [toPlaceCondition('<', place)];
}

export function afterPlace(place: Place | undefined): Condition[] {
  return place === undefined ? [] : [toPlaceCondition('>', place)];
}

/** The first comparison is a range of the index; the second one filters readings with the same time. */
function toPlaceCondition(sign: '<' | '>', { timestamp, seq }: Place): Condition {
  return {
    sql: `timestamp ${sign}= ? AND (timestamp ${sign} ? OR seq ${sign} ?)`,
    values: [timestamp, timestamp, seq],
  };
}

export function formatPlace({ timestamp, seq }: Place): string {
  return encodeCursor([timestamp, seq]);
}

const placeSchema = z.tuple([sqlTimestampSchema, seqSchema]);

/** @throws ApiError `validation_failed` for a damaged cursor */
export function parsePlace(cursor: string): Place {
  const parsed = placeSchema.safeParse(decodeCursor(cursor));
  if (parsed.success) return { timestamp: parsed.data[0], seq: parsed.data[1] };
  throw toValidationError([{ path: 'cursor', message: 'expected the next_cursor of a page, unchanged' }]);
}
