import type { EpisodesQuery } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { toValidationError } from '../../http/parse-request.ts';
import { selectRows } from '../../storage/connection.ts';
import { decodeCursor, encodeCursor, seqSchema, sqlTimestampSchema } from '../../storage/cursor.ts';
import { selectWithin } from '../../storage/time-limit.ts';
import { type Condition, toWhere, windowConditions } from '../../storage/where.ts';

/** The position of a reading in the order of time; readings with the same time are in the order of arrival. */
export interface Place {
  /** As in SQL. */
  timestamp: string;
  seq: number;
}

export interface Anomaly extends Place {
  sensor_id: string;
  score: number;
}

interface ScanQuery {
  query: EpisodesQuery;
  /** Each is read by a query of its own; undefined: all sensors are read by one query. */
  sensors: readonly string[] | undefined;
  before: Place | undefined;
  /** By sensor, the place from which it is read on; null if nothing is left to read. */
  passed: ReadonlyMap<string, Place | null>;
  limit: number;
}

const limitMs = 2000;

/** The newest anomalies of the window before a place, newest first. */
export async function scanAnomalies(pool: Pool, scan: ScanQuery): Promise<Anomaly[]> {
  const { query, sensors, before, passed, limit } = scan;
  const window = windowConditions({ from: query.from, to: query.to });
  const remaining = sensors?.filter((sensor) => passed.get(sensor) !== null);
  const selects = remaining?.map((sensor) => {
    const ofSensor = { sql: 'sensor_id = ?', values: [sensor] };
    const place = findOlder(before, passed.get(sensor) ?? undefined);
    const conditions = [ofSensor, ...window, ...beforePlace(place)];
    return toSelect('readings_sensor_prediction_timestamp', conditions, limit);
  }) ?? [toSelect('readings_prediction_timestamp', [...window, ...beforePlace(before)], limit)];
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
  const { sql, values } = toWhere([{ sql: 'prediction = 1', values: [] }, ...conditions]);
  return {
    sql: `(SELECT sensor_id, timestamp, seq, score FROM readings FORCE INDEX (${index}) ${sql}
      ORDER BY timestamp DESC, seq DESC LIMIT ${limit})`,
    values,
  };
}

const maxSeparateSensors = 20;

/** The sensors to read by a query each, so that a scan can skip a long run of one of them; undefined if they are many. */
export async function listSeparateSensors(
  pool: Pool,
  given: readonly string[] | undefined,
): Promise<readonly string[] | undefined> {
  if (given !== undefined) return given;
  const sql = `SELECT sensor_id FROM ledger_stored UNION SELECT sensor_id FROM rollup_deltas
    LIMIT ${maxSeparateSensors + 1}`;
  const rows = await selectRows<{ sensor_id: string }>(pool, { sql });
  return rows.length > maxSeparateSensors ? undefined : rows.map(({ sensor_id }) => sensor_id);
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
