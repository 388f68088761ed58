import { type SensorAlert, toClockAheadMs } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { inSnapshot, type Select } from '../../storage/connection.ts';
import { fromSqlTimestamp } from '../../storage/sql-values.ts';
import {
  type ArrivedRow,
  arrivedColumns,
  readingNames,
  toReading,
  toStoredReading,
} from '../readings/reading-row.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import type { AlertMemoryRow } from './alert-memory.ts';
import { findStatesTable } from './sensor-states.ts';

/** A sensor's newest reading with its arrival and clock difference. */
export function toArrival(
  type: LoadedType,
  row: ArrivedRow,
): Pick<SensorAlert, 'reading' | 'received_at' | 'clock_ahead_ms'> {
  const reading = toStoredReading(toReading(type, row));
  const received_at = fromSqlTimestamp(row.received_at);
  return {
    reading,
    received_at,
    clock_ahead_ms: toClockAheadMs({ timestamp: reading.timestamp, received_at }),
  };
}

/** The readings with these ids, by id. */
export async function findArrivals(select: Select, ids: readonly Buffer[]): Promise<Map<string, ArrivedRow>> {
  if (ids.length === 0) return new Map();
  const sql = `SELECT ${arrivedColumns} FROM readings ${readingNames} WHERE readings.id IN (?)`;
  const rows = await select<ArrivedRow>({ sql, values: [ids] });
  return new Map(rows.map((row) => [row.id.toString('hex'), row]));
}

/** A sensor's newest reading, and what decides about its state. */
export type RememberedRow = ArrivedRow & AlertMemoryRow;

/** The newest reading of each of the `maxSensors` sensors that sent last, in order of arrival. @throws StorageError */
export function listNewestReadings(pool: Pool, maxSensors: number): Promise<RememberedRow[]> {
  return inSnapshot(pool, async (select) => {
    const states = await findStatesTable(select);
    const sql = `SELECT ${arrivedColumns}, newest.anomaly_at, newest.mean_gap_ms, newest.gaps, newest.outages FROM
      (SELECT last_id, anomaly_at, mean_gap_ms, gaps, outages FROM (${states.sql}) AS states ORDER BY received_at DESC LIMIT ?) AS newest
      STRAIGHT_JOIN readings ON readings.id = newest.last_id ${readingNames} ORDER BY readings.seq`;
    return select<RememberedRow>({ sql, values: [...states.values, maxSensors] });
  });
}
