import { inTransaction, type Transaction } from '../storage/in-transaction.ts';
import type { CallbackPool } from '../storage/pool.ts';
import { toSqlId } from '../storage/sql-values.ts';
import { rollUpChanges, toHourStatement } from './truth-hours.ts';

interface TruthRow {
  sensor_id: string;
  timestamp: string;
  prediction: 0 | 1;
  label: 0 | 1;
}

async function deleteOnce(
  { select, change }: Transaction,
  { id, shard }: { id: Buffer; shard: number },
): Promise<void> {
  const sql = 'SELECT sensor_id, timestamp, prediction, label FROM truths WHERE id = ? FOR UPDATE';
  const [known] = await select<TruthRow>({ sql, values: [id] });
  if (!known) return;
  const { label: previous, ...reading } = known;
  await change({ sql: 'DELETE FROM truths WHERE id = ?', values: [id] });
  await change(toHourStatement(rollUpChanges([{ ...reading, label: undefined, previous }]), shard));
}

/** Afterwards nothing is known of the reading, and the counts of its hour are without it, in the same transaction. */
export function deleteTruth(pool: CallbackPool, readingId: string, shard: number): Promise<void> {
  return inTransaction(pool, (transaction) => deleteOnce(transaction, { id: toSqlId(readingId), shard }));
}
