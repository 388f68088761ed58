import type { Connection, RowDataPacket } from 'mysql2/promise';
import { fromSqlTimestamp, toSqlTimestamp } from '../../../storage/sql-values.ts';
import { type HorizonColumns, horizonColumns } from '../retention/retention-horizons.ts';
import { compareRollups, type RollupFault } from './compare-rollups.ts';
import { addRollup, findRollups, type Rollups, rollUpReadings } from './find-rollups.ts';
import { repairRollup } from './repair-rollup.ts';
import { allSensors } from './rollup.ts';

const hourMs = 3_600_000;
/** Of more sensors than this, ten minutes are held in memory at a time rather than the whole hour. */
const fewSensors = 200;
const chunkMs = 600_000;

interface VerifyOptions {
  isRepairing: boolean;
  /** Hears of each fault as soon as it is found. */
  onFault: (fault: RollupFault) => void;
}

export interface Verification {
  /** Compared with readings. */
  buckets: number;
  faults: number;
  repaired: number;
  /** Hours whose readings retention has removed: compared with their minutes, or not at all. */
  hoursWithoutReadings: number;
}

/** The first hour from `from` on that holds a reading or a bucket. */
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

function toSql(timeMs: number): string {
  return toSqlTimestamp(new Date(timeMs).toISOString());
}

interface VerifiedHour {
  buckets: number;
  faults: RollupFault[];
  hasReadings: boolean;
}

/** Adds the minutes up to their hour, each sensor's and all sensors'. */
function addToHours(hours: Rollups, minutes: Rollups): void {
  for (const minute of minutes.values())
    addRollup(hours, { ...minute, bucket: `${minute.bucket.slice(0, 13)}:00:00` });
}

async function findHorizons(connection: Connection): Promise<HorizonColumns> {
  const [[row]] = await connection.query<RowDataPacket[]>(`SELECT ${horizonColumns} FROM retention_horizons`);
  return { readings_before: null, minutes_before: null, hours_before: null, ...row };
}

/** Compares one hour, and each of its minutes, within one state of the database. */
async function verifyHour(connection: Connection, fromMs: number): Promise<VerifiedHour> {
  const horizons = await findHorizons(connection);
  const isBefore = (horizon: string | null) => horizon !== null && toSql(fromMs) < horizon;
  const hasReadings = !isBefore(horizons.readings_before);
  const hasMinutes = !isBefore(horizons.minutes_before);
  const hours: Rollups = new Map();
  const faults: RollupFault[] = [];
  const hourRange = { table: 'readings_hour' as const, from: toSql(fromMs), to: toSql(fromMs + hourMs) };
  const foundHours = await findRollups(connection, hourRange);
  const stepMs = foundHours.size <= fewSensors ? hourMs : chunkMs;
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

/**
 * Compares the rollups with the readings, hour by hour, in memory that depends on the number of sensors only. Readings
 * may arrive meanwhile. Where retention has removed the readings, hours are compared with their minutes.
 */
export async function verifyRollups(
  connection: Connection,
  { isRepairing, onFault }: VerifyOptions,
): Promise<Verification> {
  const verification = { buckets: 0, faults: 0, repaired: 0, hoursWithoutReadings: 0 };
  let hourAtMs = await findNextHour(connection, '1000-01-01');
  while (hourAtMs !== undefined) {
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    const { buckets, faults, hasReadings } = await verifyHour(connection, hourAtMs);
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
    hourAtMs = await findNextHour(connection, toSql(hourAtMs + hourMs));
  }
  return verification;
}
