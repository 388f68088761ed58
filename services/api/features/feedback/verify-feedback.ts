import type { Connection, RowDataPacket } from 'mysql2/promise';
import { retryTransaction } from '../../storage/connection.ts';
import { allSensors } from '../../storage/keys.ts';
import { fromSqlTimestamp, toSqlTime } from '../../storage/sql-values.ts';
import { hourMs } from '../statistics/window-plan.ts';
import { addConfusion, type Confusion, cellConditions, confusionNames, noConfusion } from './confusion.ts';

/** An hour whose counts do not match its feedback. */
export interface FeedbackFault extends Hour {
  /** The differences: `true_positive is 4 instead of 5`. */
  what: string[];
}

interface VerifyOptions {
  isRepairing: boolean;
  /** Called for each fault when it is found. */
  onFault: (fault: FeedbackFault) => void;
}

interface FeedbackVerification {
  /** Hours compared with their feedback. */
  hours: number;
  faults: number;
  repaired: number;
}

const dayMs = 24 * hourMs;
const longAgoMs = Date.parse('1000-01-01T00:00:00.000Z');

/** CAST, because a SUM of integers is a DECIMAL. */
const sumsOfFeedback = confusionNames
  .map((name) => `CAST(SUM(${cellConditions[name]}) AS SIGNED) AS ${name}`)
  .join(', ');
const sumsOfShards = confusionNames.map((name) => `CAST(SUM(${name}) AS SIGNED) AS ${name}`).join(', ');

const feedbackSql = `SELECT type, sensor, DATE_FORMAT(timestamp, '%Y-%m-%d %H:00:00') AS bucket, ${sumsOfFeedback}
  FROM feedback WHERE timestamp >= ? AND timestamp < ? AND prediction IS NOT NULL GROUP BY 1, 2, 3`;
const hoursSql = `SELECT type, sensor, bucket, ${sumsOfShards} FROM feedback_hour
  WHERE bucket >= ? AND bucket < ? GROUP BY type, sensor, bucket`;
const nextSql = `SELECT (SELECT MIN(timestamp) FROM feedback WHERE timestamp >= ?) AS feedback,
  (SELECT MIN(bucket) FROM feedback_hour WHERE bucket >= ?) AS hour`;

/** Compares the hourly counts with the feedback, day by day. Feedback may arrive meanwhile. */
export async function verifyFeedback(
  connection: Connection,
  { isRepairing, onFault }: VerifyOptions,
): Promise<FeedbackVerification> {
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

/** Retention removes feedback together with its readings. Earlier hours have nothing to compare with. */
async function findFirstMs(connection: Connection): Promise<number> {
  const [[row]] = await connection.query<RowDataPacket[]>('SELECT readings_before FROM retention_horizons');
  const before: unknown = row?.readings_before;
  return typeof before === 'string'
    ? Math.ceil(Date.parse(fromSqlTimestamp(before)) / hourMs) * hourMs
    : longAgoMs;
}

/** The first hour since `fromMs` that has feedback or counts. */
async function findNextHour(connection: Connection, fromMs: number): Promise<number | undefined> {
  const [[row]] = await connection.query<RowDataPacket[]>(nextSql, [toSqlTime(fromMs), toSqlTime(fromMs)]);
  const times = [row?.feedback, row?.hour].filter((time) => typeof time === 'string');
  if (times.length === 0) return undefined;
  const firstMs = Math.min(...times.map((time) => Date.parse(fromSqlTimestamp(time))));
  return Math.floor(firstMs / hourMs) * hourMs;
}

interface Hour {
  /** The key of the type. */
  type: number;
  sensor: number;
  bucket: string;
}

type HourRow = RowDataPacket & Hour & Confusion;

/** By type, bucket and sensor. */
type Hours = Map<string, Hour & { counts: Confusion }>;

/** Compares a day in one snapshot of the database. */
async function verifyDay(connection: Connection, fromMs: number) {
  const range = [toSqlTime(fromMs), toSqlTime(fromMs + dayMs)];
  const [found, expected]: [Hours, Hours] = [new Map(), new Map()];
  await connection.query('START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY');
  const [hours] = await connection.query<HourRow[]>(hoursSql, range);
  const [feedback] = await connection.query<HourRow[]>(feedbackSql, range);
  await connection.query('COMMIT');
  for (const row of hours) addCounts(found, row);
  for (const row of feedback) {
    addCounts(expected, row);
    addCounts(expected, { ...row, sensor: allSensors });
  }
  return { hours: expected.size, faults: listFaults(found, expected) };
}

function addCounts(hours: Hours, { type, sensor, bucket, ...counts }: Hour & Confusion): void {
  const key = `${type} ${bucket} ${sensor}`;
  const known = hours.get(key)?.counts ?? noConfusion;
  hours.set(key, { type, sensor, bucket, counts: addConfusion(known, counts) });
}

function listFaults(found: Hours, expected: Hours): FeedbackFault[] {
  return [...new Set([...found.keys(), ...expected.keys()])].flatMap((key) => {
    const named = found.get(key) ?? expected.get(key);
    const [actual, target] = [
      found.get(key)?.counts ?? noConfusion,
      expected.get(key)?.counts ?? noConfusion,
    ];
    const what = confusionNames
      .filter((name) => actual[name] !== target[name])
      .map((name) => `${name} is ${actual[name]} instead of ${target[name]}`);
    if (named === undefined || what.length === 0) return [];
    const { type, sensor, bucket } = named;
    return [{ type, sensor, bucket, what }];
  });
}

/**
 * Recomputes an hour from its feedback. The lock is taken before the first plain SELECT, which fixes the snapshot:
 * feedback in the snapshot was committed together with its counts, and all other commits wait for the lock.
 */
async function recompute(connection: Connection, { type, sensor, bucket }: Hour): Promise<void> {
  const ofHour = 'FROM feedback_hour WHERE type = ? AND sensor = ? AND bucket = ?';
  const hour = [type, sensor, bucket];
  const endMs = Date.parse(fromSqlTimestamp(bucket)) + hourMs;
  await connection.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
  await connection.query('START TRANSACTION');
  await connection.query(`SELECT shard ${ofHour} FOR UPDATE`, hour);
  const [rows] = await connection.query<HourRow[]>(feedbackSql, [bucket, toSqlTime(endMs)]);
  const ofSensor = rows.filter(
    (row) => row.type === type && (sensor === allSensors || row.sensor === sensor),
  );
  const counts = ofSensor.reduce<Confusion>(addConfusion, noConfusion);
  await connection.query(`DELETE ${ofHour}`, hour);
  const sql = `INSERT INTO feedback_hour (type, sensor, bucket, shard, ${confusionNames.join(', ')}) VALUES (?)`;
  if (ofSensor.length > 0)
    await connection.query(sql, [[...hour, 0, ...confusionNames.map((name) => counts[name])]]);
  await connection.query('COMMIT');
}
