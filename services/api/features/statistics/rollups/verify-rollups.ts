import type { Connection, ResultSetHeader, RowDataPacket } from 'mysql2/promise';
import {
  retryTransaction,
  type Select,
  type Statement,
  type Transaction,
} from '../../../storage/connection.ts';
import { allSensors } from '../../../storage/keys.ts';
import { fromSqlTimestamp, toSqlTime } from '../../../storage/sql-values.ts';
import { findHorizons } from '../select-segments.ts';
import { hourMs, type Range, tenMinutesMs } from '../window-plan.ts';
import {
  type Bucket,
  type BucketRow,
  Buckets,
  levelOf,
  type RollupTable,
  toBucket,
  toCoarser,
  toRollupStatement,
} from './buckets.ts';
import { compareRollups, type RollupDifference, type Rollups, toRollups } from './compare-rollups.ts';
import { type Delta, listDeltas } from './deltas.ts';
import { toDueStatement } from './extremes-due.ts';
import { foldWaiting } from './fold-deltas.ts';
import { listTypeWidths, rollUpReadings } from './roll-up-readings.ts';
import { fromDocument, mergeInto, mergeRollups, toHour, toTenMinutes } from './rollup.ts';
import type { ExtremesTable } from './stored-extremes.ts';
import { verifyExtremes } from './verify-extremes.ts';

export interface RollupFault extends RollupDifference {
  table: RollupTable | ExtremesTable;
}

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
 * Compares the rollups and the extremes with the readings, hour by hour. Readings may arrive meanwhile. The memory used depends only on
 * the number of sensors.
 */
export async function verifyRollups(
  connection: Connection,
  { isRepairing, onFault }: VerifyOptions,
): Promise<Verification> {
  const verification = { buckets: 0, faults: 0, repaired: 0, hoursWithoutReadings: 0 };
  const { select } = toTransaction(connection);
  let nextHourMs = await findNextHour(select, longAgoMs);
  while (nextHourMs !== undefined) {
    await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
    const { buckets, faults, hasReadings } = await verifyHour(select, nextHourMs);
    if (hasReadings) faults.push(...(await verifyExtremes(select, nextHourMs)));
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
    nextHourMs = await findNextHour(select, nextHourMs + hourMs);
  }
  return verification;
}

const longAgoMs = Date.parse('1000-01-01T00:00:00.000Z');

/** The first hour since `fromMs` that has a reading, a rollup or a waiting delta. */
async function findNextHour(select: Select, fromMs: number): Promise<number | undefined> {
  const from = toSqlTime(fromMs);
  const sql = `SELECT (SELECT MIN(first) FROM (SELECT (SELECT MIN(timestamp) FROM readings
      WHERE readings.type = sensor_types.id AND timestamp >= ?) AS first FROM sensor_types) AS firsts) AS reading,
    (SELECT MIN(bucket) FROM rollups_minute WHERE bucket >= ?) AS minute,
    (SELECT MIN(bucket) FROM rollups_ten_minutes WHERE bucket >= ?) AS ten_minutes,
    (SELECT MIN(bucket) FROM rollups_hour WHERE bucket >= ?) AS hour`;
  const [row] = await select<Record<string, string | null>>({ sql, values: [from, from, from, from] });
  const pending = (await listDeltas(select))
    .flatMap(({ sensors }) => sensors)
    .flatMap(({ minutes }) => minutes.map(({ bucket }) => bucket))
    .filter((bucket) => Date.parse(fromSqlTimestamp(bucket)) >= fromMs);
  const times = [...Object.values(row ?? {}), ...pending].filter((time) => time !== null);
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

/** Compares an hour and its parts. The caller runs it in a transaction with a consistent snapshot. */
async function verifyHour(select: Select, fromMs: number): Promise<VerifiedHour> {
  const horizons = await findHorizons(select);
  const hasReadings = fromMs >= horizons.readings;
  if (fromMs < horizons.minutes) return { buckets: 0, faults: [], hasReadings };
  const deltas = await listDeltas(select);
  const find = (table: RollupTable, range: Range) => findRollups(select, deltas, { table, ...range });
  const foundHours = await find('rollups_hour', { fromMs, toMs: fromMs + hourMs });
  const stepMs = foundHours.size <= maxSensorsPerHour ? hourMs : tenMinutesMs;
  const tens: Bucket[] = [];
  const faults: RollupFault[] = [];
  let buckets = 0;
  for (let atMs = fromMs; atMs < fromMs + hourMs; atMs += stepMs) {
    const range = { fromMs: atMs, toMs: atMs + stepMs };
    const found = await find('rollups_minute', range);
    const expected = hasReadings ? await rollUpWithAll(select, range) : found;
    const expectedTens = toCoarser(expected.values(), toTenMinutes);
    faults.push(
      ...compareTable('rollups_minute', found, expected),
      ...compareTable(
        'rollups_ten_minutes',
        await find('rollups_ten_minutes', range),
        toRollups(expectedTens),
      ),
    );
    buckets += expected.size + expectedTens.length;
    tens.push(...expectedTens);
  }
  const expectedHours = toRollups(toCoarser(tens, toHour));
  faults.push(...compareTable('rollups_hour', foundHours, expectedHours));
  return { buckets: hasReadings ? buckets + expectedHours.size : 0, faults, hasReadings };
}

function compareTable(table: RollupTable, found: Rollups, expected: Rollups): RollupFault[] {
  return compareRollups(found, expected).map((fault) => ({ table, ...fault }));
}

interface RollupRange extends Range {
  table: RollupTable;
}

/** The rollups as stored, together with the deltas that wait to be folded. */
async function findRollups(
  select: Select,
  deltas: readonly Delta[],
  { table, fromMs, toMs }: RollupRange,
): Promise<Rollups> {
  const sql = `SELECT type, sensor, bucket, rollup FROM ${table} WHERE bucket >= ? AND bucket < ?`;
  const rows = await select<BucketRow>({ sql, values: [toSqlTime(fromMs), toSqlTime(toMs)] });
  const found = new Buckets();
  for (const { bucket, rollup, ...sensor } of rows.map(toBucket)) mergeInto(found.at(sensor, bucket), rollup);
  const { toStart } = levelOf(table);
  for (const { type, sensor, minutes } of deltas.flatMap(({ sensors }) => sensors)) {
    for (const { bucket, rollup } of minutes) {
      const startMs = Date.parse(fromSqlTimestamp(bucket));
      if (startMs < fromMs || startMs >= toMs) continue;
      for (const key of [sensor, allSensors])
        mergeInto(found.at({ type, sensor: key }, toStart(bucket)), fromDocument(rollup));
    }
  }
  return toRollups(found.list());
}

/** The minutes of each sensor, and of all sensors together, computed from readings. */
async function rollUpWithAll(select: Select, range: Range): Promise<Rollups> {
  const expected = new Buckets();
  for (const type of await listTypeWidths(select)) {
    for (const { sensor, bucket, rollup } of await rollUpReadings(select, {
      ...range,
      type,
      isBySensor: true,
    }))
      for (const key of [sensor, allSensors])
        mergeInto(expected.at({ type: type.id, sensor: key }, bucket), rollup);
  }
  return toRollups(expected.list());
}

/**
 * Recomputes a rollup from the readings, or removes extremes, which the API then builds again. Readings may arrive
 * meanwhile.
 */
export function repairRollup(connection: Connection, rollup: Omit<RollupFault, 'what'>): Promise<void> {
  return retryTransaction(connection, () => recompute(connection, rollup));
}

/**
 * Takes the lock before the first plain SELECT, which fixes the snapshot. A reading in the snapshot was committed together
 * with its delta, which is folded here; the deltas of later commits wait for the lock.
 */
async function recompute(
  connection: Connection,
  { table, type, sensor, bucket }: Omit<RollupFault, 'what'>,
): Promise<void> {
  const { select, change } = toTransaction(connection);
  await connection.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await connection.query('START TRANSACTION');
  await select({ sql: 'SELECT id FROM fold_lock FOR UPDATE' });
  await foldWaiting({ select, change });
  if (table === 'extremes_minute' || table === 'extremes_hour') {
    await change({ sql: `DELETE FROM ${table} WHERE type = ? AND bucket = ?`, values: [type, bucket] });
  } else {
    const fromMs = Date.parse(fromSqlTimestamp(bucket));
    const range = { fromMs, toMs: fromMs + levelOf(table).lengthMs };
    const ofType = (await listTypeWidths(select)).find(({ id }) => id === type);
    const sensors = sensor === allSensors ? undefined : [sensor];
    const minutes =
      ofType === undefined ? [] : await rollUpReadings(select, { ...range, sensors, type: ofType });
    const ofBucket = 'type = ? AND sensor = ? AND bucket = ?';
    await change({ sql: `DELETE FROM ${table} WHERE ${ofBucket}`, values: [type, sensor, bucket] });
    const rollup = mergeRollups(minutes.map((minute) => minute.rollup));
    if (minutes.length > 0) await change(toRollupStatement(table, [{ type, sensor, bucket, rollup }]));
  }
  await change(toDueStatement([{ type, bucket: toHour(bucket) }]));
  await connection.query('COMMIT');
}

function toTransaction(connection: Connection): Transaction {
  return {
    // The row type depends on the statement.
    select: async <Row>({ sql, values = [] }: Statement) =>
      (await connection.query<RowDataPacket[]>(sql, [...values]))[0] as Row[],
    change: async ({ sql, values = [] }) =>
      (await connection.query<ResultSetHeader>(sql, [...values]))[0].affectedRows,
  };
}
