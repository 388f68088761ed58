import type { Connection, RowDataPacket } from 'mysql2/promise';
import { retryTransaction } from '../../../storage/connection.ts';
import { fromSqlTimestamp, toSqlTimestamp } from '../../../storage/sql-values.ts';
import { type HorizonColumns, horizonColumns, hourMs, minuteMs } from '../window-plan.ts';
import {
  addRollup,
  compareRollups,
  findRollups,
  type RollupFault,
  type Rollups,
  rollUpReadings,
} from './compare-rollups.ts';
import { type DeltaRow, deltasSql, toFoldStatements } from './fold-deltas.ts';
import { allSensors, toHour } from './rollup.ts';
import { toRollupStatement } from './rollup-sql.ts';

interface VerifyOptions {
  isRepairing: boolean;
  /** Called for each fault when it is found. */
  onFault: (fault: RollupFault) => void;
}

export interface Verification {
  /** Rollups compared with readings. */
  buckets: number;
  faults: number;
  repaired: number;
  /** Hours whose readings retention has removed. They are compared with their minutes, if these are kept. */
  hoursWithoutReadings: number;
}

/**
 * Compares the rollups with the readings, hour by hour. Readings may arrive meanwhile. The memory used depends only on
 * the number of sensors.
 */
export async function verifyRollups(
  connection: Connection,
  { isRepairing, onFault }: VerifyOptions,
): Promise<Verification> {
  const verification = { buckets: 0, faults: 0, repaired: 0, hoursWithoutReadings: 0 };
  let nextHourMs = await findNextHour(connection, '1000-01-01');
  while (nextHourMs !== undefined) {
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    const { buckets, faults, hasReadings } = await verifyHour(connection, nextHourMs);
    await connection.query('COMMIT');
    verification.buckets += buckets;
    verification.faults += faults.length;
    if (!hasReadings) verification.hoursWithoutReadings += 1;
    for (const fault of faults) {
      onFault(fault);
      if (!isRepairing || !hasReadings) continue;
      await repairRollup(connection, fault);
      verification.repaired += 1;
    }
    nextHourMs = await findNextHour(connection, toSql(nextHourMs + hourMs));
  }
  return verification;
}

/** The first hour since `from` that has a reading or a rollup. */
async function findNextHour(connection: Connection, from: string): Promise<number | undefined> {
  const sql = `SELECT (SELECT MIN(timestamp) FROM readings WHERE timestamp >= ?) AS reading,
    (SELECT MIN(bucket) FROM readings_minute WHERE bucket >= ?) AS minute,
    (SELECT MIN(bucket) FROM readings_hour WHERE bucket >= ?) AS hour,
    (SELECT MIN(bucket) FROM rollup_deltas WHERE bucket >= ?) AS delta`;
  const [[row]] = await connection.query<RowDataPacket[]>(sql, [from, from, from, from]);
  const times = [row?.reading, row?.minute, row?.hour, row?.delta].filter((time) => typeof time === 'string');
  if (times.length === 0) return undefined;
  const firstMs = Math.min(...times.map((time) => Date.parse(fromSqlTimestamp(time))));
  return Math.floor(firstMs / hourMs) * hourMs;
}

interface VerifiedHour {
  buckets: number;
  faults: RollupFault[];
  hasReadings: boolean;
}

/** With more sensors than this, ten minutes are compared at a time rather than a whole hour, to bound the memory. */
const maxSensorsPerHour = 200;
const tenMinutesMs = 10 * minuteMs;

/** Compares an hour and its minutes. The caller runs it in a transaction with a consistent snapshot. */
async function verifyHour(connection: Connection, fromMs: number): Promise<VerifiedHour> {
  const horizons = await findHorizons(connection);
  const isBefore = (horizon: string | null) => horizon !== null && toSql(fromMs) < horizon;
  const hasReadings = !isBefore(horizons.readings_before);
  const hasMinutes = !isBefore(horizons.minutes_before);
  const hours: Rollups = new Map();
  const faults: RollupFault[] = [];
  const hourRange = { table: 'readings_hour' as const, from: toSql(fromMs), to: toSql(fromMs + hourMs) };
  const foundHours = await findRollups(connection, hourRange);
  const stepMs = foundHours.size <= maxSensorsPerHour ? hourMs : tenMinutesMs;
  let buckets = 0;
  for (let atMs = fromMs; atMs < fromMs + hourMs && hasMinutes; atMs += stepMs) {
    const range = { table: 'readings_minute' as const, from: toSql(atMs), to: toSql(atMs + stepMs) };
    const found = await findRollups(connection, range);
    if (!hasReadings) {
      addToHours(hours, found);
      continue;
    }
    const expected: Rollups = new Map();
    for (const rollup of await rollUpReadings(connection, range)) {
      addRollup(expected, rollup);
      addRollup(expected, { ...rollup, sensor_id: allSensors });
    }
    faults.push(...compareRollups('readings_minute', found, expected));
    addToHours(hours, expected);
    buckets += expected.size;
  }
  if (hasMinutes) faults.push(...compareRollups('readings_hour', foundHours, hours));
  return { buckets: hasReadings ? buckets + hours.size : 0, faults, hasReadings };
}

async function findHorizons(connection: Connection): Promise<HorizonColumns> {
  const [[row]] = await connection.query<RowDataPacket[]>(`SELECT ${horizonColumns} FROM retention_horizons`);
  return { readings_before: null, minutes_before: null, hours_before: null, ...row };
}

function addToHours(hours: Rollups, minutes: Rollups): void {
  for (const minute of minutes.values()) addRollup(hours, { ...minute, bucket: toHour(minute.bucket) });
}

type RollupKey = Pick<RollupFault, 'table' | 'sensor_id' | 'bucket'>;

const spansMs = { readings_minute: minuteMs, readings_hour: hourMs };

/** Recomputes a rollup from its readings. Readings may arrive meanwhile. */
export function repairRollup(connection: Connection, rollup: RollupKey): Promise<void> {
  return retryTransaction(connection, () => recompute(connection, rollup));
}

/**
 * Takes the locks before the first plain SELECT, which fixes the snapshot of the readings. A reading in the snapshot was
 * committed together with its delta, which `foldAll` has included; all other commits wait for the locks.
 */
async function recompute(connection: Connection, { table, sensor_id, bucket }: RollupKey): Promise<void> {
  const endMs = Date.parse(fromSqlTimestamp(bucket)) + spansMs[table];
  const range = { table, from: bucket, to: toSqlTimestamp(new Date(endMs).toISOString()), sensor: sensor_id };
  const ofBucket = `FROM ${table} WHERE sensor_id = ? AND bucket = ?`;
  await connection.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await connection.query('START TRANSACTION');
  await foldAll(connection);
  await connection.query(`SELECT shard ${ofBucket} FOR UPDATE`, [sensor_id, bucket]);
  const rollups = await rollUpReadings(connection, range);
  await connection.query(`DELETE ${ofBucket}`, [sensor_id, bucket]);
  if (rollups.length > 0) {
    const { sql, values = [] } = toRollupStatement(table, rollups, 0);
    await connection.query({ sql, values: [...values] });
  }
  await connection.query('COMMIT');
}

/** Folds all deltas, and prevents others from appending or folding deltas until the transaction ends. */
async function foldAll(connection: Connection): Promise<void> {
  const [deltas] = await connection.query<(RowDataPacket & DeltaRow)[]>(`${deltasSql} FOR UPDATE`);
  for (const { sql, values = [] } of toFoldStatements(deltas, 0)) await connection.query(sql, [...values]);
}

function toSql(timeMs: number): string {
  return toSqlTimestamp(new Date(timeMs).toISOString());
}
