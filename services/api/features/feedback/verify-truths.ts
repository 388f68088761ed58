import type { Connection, RowDataPacket } from 'mysql2/promise';
import { retryTransaction } from '../../storage/connection.ts';
import { fromSqlTimestamp, toSqlTimestamp } from '../../storage/sql-values.ts';
import { allSensors } from '../statistics/rollups/rollup.ts';
import { addConfusion, type Confusion, confusionNames, noConfusion, toCell } from './confusion.ts';

/** An hour whose counts are not what its truths come to. */
export interface TruthFault {
  sensor_id: string;
  bucket: string;
  /** What differs: `true_positive is 4 instead of 5`. */
  what: string[];
}

interface VerifyOptions {
  isRepairing: boolean;
  /** Hears of each fault as soon as it is found. */
  onFault: (fault: TruthFault) => void;
}

export interface TruthVerification {
  /** Compared with truths. */
  hours: number;
  faults: number;
  repaired: number;
}

interface Hour {
  sensor_id: string;
  bucket: string;
}
type HourRow = RowDataPacket & Hour & Confusion;

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;
const longAgoMs = Date.parse('1000-01-01T00:00:00.000Z');
const everyCell = [0, 1].flatMap((prediction) => [0, 1].map((label) => ({ prediction, label })));

/** One column per cell, as numbers: sums of integers are DECIMAL otherwise. */
const ofTruths = everyCell
  .map(({ prediction, label }) => {
    const name = toCell({ prediction: prediction === 1 ? 1 : 0, label: label === 1 ? 1 : 0 });
    return `CAST(SUM(prediction = ${prediction} AND label = ${label}) AS SIGNED) AS ${name}`;
  })
  .join(', ');
const ofShards = confusionNames.map((name) => `CAST(SUM(${name}) AS SIGNED) AS ${name}`).join(', ');

const truthsSql = `SELECT sensor_id, DATE_FORMAT(timestamp, '%Y-%m-%d %H:00:00') AS bucket, ${ofTruths} FROM truths
  WHERE timestamp >= ? AND timestamp < ? GROUP BY 1, 2`;
const hoursSql = `SELECT sensor_id, bucket, ${ofShards} FROM truths_hour
  WHERE bucket >= ? AND bucket < ? GROUP BY sensor_id, bucket`;
const nextSql = `SELECT (SELECT MIN(timestamp) FROM truths WHERE timestamp >= ?) AS truth,
  (SELECT MIN(bucket) FROM truths_hour WHERE bucket >= ?) AS hour`;

function toSql(timeMs: number): string {
  return toSqlTimestamp(new Date(timeMs).toISOString());
}

function toConfusion(row: Confusion): Confusion {
  const { true_negative, false_positive, false_negative, true_positive } = row;
  return { true_negative, false_positive, false_negative, true_positive };
}

type Hours = Map<string, Hour & { counts: Confusion }>;

function add(hours: Hours, { sensor_id, bucket }: Hour, counts: Confusion): void {
  const key = `${bucket} ${sensor_id}`;
  const known = hours.get(key)?.counts ?? noConfusion;
  hours.set(key, { sensor_id, bucket, counts: addConfusion(known, counts) });
}

function compare(found: Hours, expected: Hours): TruthFault[] {
  return [...new Set([...found.keys(), ...expected.keys()])].flatMap((key) => {
    const named = found.get(key) ?? expected.get(key);
    const [has, should] = [found.get(key)?.counts ?? noConfusion, expected.get(key)?.counts ?? noConfusion];
    const what = confusionNames
      .filter((name) => has[name] !== should[name])
      .map((name) => `${name} is ${has[name]} instead of ${should[name]}`);
    return named && what.length > 0 ? [{ sensor_id: named.sensor_id, bucket: named.bucket, what }] : [];
  });
}

/** The first hour from a time on that holds a truth or a count, whose truths retention has left. */
async function findNextHour(connection: Connection, fromMs: number): Promise<number | undefined> {
  const [[row]] = await connection.query<RowDataPacket[]>(nextSql, [toSql(fromMs), toSql(fromMs)]);
  const times = [row?.truth, row?.hour].filter((time) => typeof time === 'string');
  if (times.length === 0) return undefined;
  const firstMs = Math.min(...times.map((time) => Date.parse(fromSqlTimestamp(time))));
  return Math.floor(firstMs / hourMs) * hourMs;
}

/** Truths go with their readings: before that, there is nothing to compare with. */
async function findFirstMs(connection: Connection): Promise<number> {
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT readings_before FROM retention_horizons');
  const before: unknown = row?.readings_before;
  return typeof before === 'string'
    ? Math.ceil(Date.parse(fromSqlTimestamp(before)) / hourMs) * hourMs
    : longAgoMs;
}

/** Compares a day within one state of the database. */
async function verifyDay(connection: Connection, fromMs: number) {
  const range = [toSql(fromMs), toSql(fromMs + dayMs)];
  const [found, expected]: [Hours, Hours] = [new Map(), new Map()];
  await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  const [hours] = await connection.query<HourRow[]>(hoursSql, range);
  const [truths] = await connection.query<HourRow[]>(truthsSql, range);
  await connection.query('COMMIT');
  for (const row of hours) add(found, row, toConfusion(row));
  for (const row of truths) {
    add(expected, row, toConfusion(row));
    add(expected, { ...row, sensor_id: allSensors }, toConfusion(row));
  }
  return { hours: expected.size, faults: compare(found, expected) };
}

/**
 * Makes an hour of its truths again. It is locked before the truths are read: whoever has committed truths by then has committed what they add to it,
 * and everybody else waits with both.
 */
async function recompute(connection: Connection, { sensor_id, bucket }: Hour): Promise<void> {
  const ofHour = 'FROM truths_hour WHERE sensor_id = ? AND bucket = ?';
  const endMs = Date.parse(fromSqlTimestamp(bucket)) + hourMs;
  await connection.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await connection.query('START TRANSACTION');
  await connection.query(`SELECT shard ${ofHour} FOR UPDATE`, [sensor_id, bucket]);
  const [rows] = await connection.query<HourRow[]>(truthsSql, [bucket, toSql(endMs)]);
  const asked = rows.filter((row) => sensor_id === allSensors || row.sensor_id === sensor_id);
  const counts = asked.map(toConfusion).reduce(addConfusion, noConfusion);
  await connection.query(`DELETE ${ofHour}`, [sensor_id, bucket]);
  const sql = `INSERT INTO truths_hour (sensor_id, bucket, shard, ${confusionNames.join(', ')}) VALUES (?)`;
  if (asked.length > 0)
    await connection.query(sql, [[sensor_id, bucket, 0, ...confusionNames.map((name) => counts[name])]]);
  await connection.query('COMMIT');
}

/** Compares the hours of the confusion matrix with the truths, day by day; truths may arrive meanwhile. */
export async function verifyTruths(
  connection: Connection,
  { isRepairing, onFault }: VerifyOptions,
): Promise<TruthVerification> {
  const verification = { hours: 0, faults: 0, repaired: 0 };
  let fromMs = await findNextHour(connection, await findFirstMs(connection));
  while (fromMs !== undefined) {
    const { hours, faults } = await verifyDay(connection, fromMs);
    verification.hours += hours;
    verification.faults += faults.length;
    for (const fault of faults) {
      onFault(fault);
      if (!isRepairing) continue;
      await retryTransaction(connection, () => recompute(connection, fault));
      verification.repaired += 1;
    }
    fromMs = await findNextHour(connection, fromMs + dayMs);
  }
  return verification;
}
