import type { Connection } from 'mysql2/promise';
import { type BucketRow, toBucket, toCoarser } from '../../features/statistics/rollups/buckets.ts';
import { toTenMinutes } from '../../features/statistics/rollups/rollup.ts';
import type { Transaction } from '../connection.ts';
import { writeRollups } from './convert-rollups.ts';
import { type Batch, type Copied, createProgress, runCopy } from './progress.ts';

interface FillOptions {
  /** The maximal number of minutes that one transaction reads. At least 11: one more than a bucket has. */
  limit?: number;
  say: (line: string) => void;
}

/**
 * Merges the stored minutes into `rollups_ten_minutes`. If the process or the server is killed, the next call continues.
 * `connection` must have the options `exactValues`.
 */
export async function fillTenMinutes(
  connection: Connection,
  { limit = 5000, say }: FillOptions,
): Promise<void> {
  await createProgress(connection);
  await runCopy(connection, { name: 'rollups per ten minutes', copy: mergeMinutes }, { limit, say });
}

async function mergeMinutes(
  transaction: Transaction,
  { after: [type = 0, sensor = 0, bucket = '1000-01-01 00:00:00'] = [], limit }: Batch,
): Promise<Copied> {
  const rows = await transaction.select<BucketRow>({
    sql: `SELECT type, sensor, bucket, rollup FROM rollups_minute FORCE INDEX (PRIMARY)
      WHERE type > ? OR (type = ? AND (sensor > ? OR (sensor = ? AND bucket > ?)))
      ORDER BY type, sensor, bucket LIMIT ?`,
    values: [type, type, sensor, sensor, bucket, limit],
  });
  const isLast = rows.length < limit;
  const whole = isLast ? rows : withoutLastTenMinutes(rows);
  const merged = toCoarser(whole.map(toBucket), toTenMinutes);
  await writeRollups(transaction, 'rollups_ten_minutes', merged);
  const last = whole.at(-1);
  return { rows: whole.length, last: isLast || !last ? undefined : [last.type, last.sensor, last.bucket] };
}

/** The next batch may have more minutes of the last bucket. */
function withoutLastTenMinutes(rows: readonly BucketRow[]): BucketRow[] {
  const toKey = ({ type, sensor, bucket }: BucketRow) => `${type} ${sensor} ${toTenMinutes(bucket)}`;
  const last = rows.at(-1);
  return rows.filter((row) => last === undefined || toKey(row) !== toKey(last));
}
