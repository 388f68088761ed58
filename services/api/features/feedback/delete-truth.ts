import type { Truth } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { inTransaction, type Transaction } from '../../storage/connection.ts';
import { toSqlId } from '../../storage/sql-values.ts';
import { rollUpChanges, toHourStatement } from './truth-hours.ts';

interface TruthRow {
  sensor_id: string;
  timestamp: string;
  prediction: 0 | 1;
  label: 0 | 1;
  source: Truth['source'];
}

/** `source`: what comes from elsewhere stays. */
interface Deletion {
  readingId: string;
  source?: Truth['source'] | undefined;
}

async function deleteOnce(
  { select, change }: Transaction,
  { readingId, source: asked }: Deletion,
  shard: number,
): Promise<void> {
  const id = toSqlId(readingId);
  const sql = 'SELECT sensor_id, timestamp, prediction, label, source FROM truths WHERE id = ? FOR UPDATE';
  const [known] = await select<TruthRow>({ sql, values: [id] });
  if (!known || (asked !== undefined && known.source !== asked)) return;
  const { label: previous, source: _, ...reading } = known;
  await change({ sql: 'DELETE FROM truths WHERE id = ?', values: [id] });
  await change(toHourStatement(rollUpChanges([{ ...reading, label: undefined, previous }]), shard));
}

/** Afterwards nothing is known of the reading, and the counts of its hour are without it, in the same transaction. */
export function deleteTruth(pool: Pool, deletion: Deletion, shard: number): Promise<void> {
  return inTransaction(pool, (transaction) => deleteOnce(transaction, deletion, shard));
}
