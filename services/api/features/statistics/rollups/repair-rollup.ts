import type { Connection, RowDataPacket } from 'mysql2/promise';
import { retryTransaction } from '../../../storage/connection.ts';
import { fromSqlTimestamp, toSqlTimestamp } from '../../../storage/sql-values.ts';
import type { RollupFault } from './compare-rollups.ts';
import { rollUpReadings } from './find-rollups.ts';
import { type DeltaRow, deltasSql, toFoldStatements } from './fold-deltas.ts';
import { toRollupStatement } from './rollup-sql.ts';

const spansMs = { readings_minute: 60_000, readings_hour: 3_600_000 };

type Bucket = Pick<RollupFault, 'table' | 'sensor_id' | 'bucket'>;

/** Folds all deltas, and keeps others from appending or folding any until the transaction ends. */
async function foldAll(connection: Connection): Promise<void> {
  const [deltas] = await connection.query<(RowDataPacket & DeltaRow)[]>(`${deltasSql} FOR UPDATE`);
  for (const { sql, values = [] } of toFoldStatements(deltas, 0)) await connection.query(sql, [...values]);
}

/**
 * The locks are taken before the first plain SELECT, which decides what state of the readings is seen: whoever has
 * committed readings by then has committed what they add to the bucket, and everybody else waits with both.
 */
async function recompute(connection: Connection, { table, sensor_id, bucket }: Bucket): Promise<void> {
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

/** Makes a bucket of the readings again, also while others arrive. */
export function repairRollup(connection: Connection, bucket: Bucket): Promise<void> {
  return retryTransaction(connection, () => recompute(connection, bucket));
}
