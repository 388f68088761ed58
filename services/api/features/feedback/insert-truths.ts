import type { Truth } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { ApiError } from '../../http/errors.ts';
import { inTransaction, type Transaction } from '../../storage/connection.ts';
import { isDuplicate } from '../../storage/database-errors.ts';
import { fromSqlId, toSqlId, toSqlTimestamp } from '../../storage/sql-values.ts';
import { type LabelChange, rollUpChanges, toHourStatement } from './truth-hours.ts';

const maxAttempts = 5;

interface ReadingRow {
  id: Buffer;
  sensor_id: string;
  timestamp: string;
  prediction: 0 | 1;
}

type TruthRow = Pick<Truth, 'label' | 'source'> & { id: Buffer };

interface Change extends LabelChange {
  truth: Truth;
}

async function findKnown({ select }: Transaction, ids: readonly Buffer[]): Promise<Map<string, TruthRow>> {
  const sql =
    'SELECT id, label, source FROM truths FORCE INDEX (PRIMARY) WHERE id IN (?) ORDER BY id FOR UPDATE';
  const rows = await select<TruthRow>({ sql, values: [ids] });
  return new Map(rows.map((row) => [fromSqlId(row.id), row]));
}

async function findReadings({ select }: Transaction, ids: readonly Buffer[]) {
  const sql = 'SELECT id, sensor_id, timestamp, prediction FROM readings WHERE id IN (?)';
  const rows = await select<ReadingRow>({ sql, values: [ids] });
  return new Map(rows.map((row) => [fromSqlId(row.id), row]));
}

function toRow({ truth, sensor_id, timestamp, prediction }: Change): unknown[] {
  const { id, label, source, decided_at } = truth;
  return [toSqlId(id), sensor_id, timestamp, prediction, label, source, toSqlTimestamp(decided_at)];
}

async function writeChanges(
  { change }: Transaction,
  changes: readonly Change[],
  shard: number,
): Promise<void> {
  const columns = 'id, sensor_id, timestamp, prediction, label, source, decided_at';
  const insertSql = `INSERT INTO truths (${columns}) VALUES ?`;
  const added = changes.filter(({ previous }) => previous === undefined);
  const changed = changes.filter(({ previous }) => previous !== undefined);
  const updates = 'label = VALUES(label), source = VALUES(source), decided_at = VALUES(decided_at)';
  if (added.length > 0) await change({ sql: insertSql, values: [added.map(toRow)] });
  if (changed.length > 0)
    await change({ sql: `${insertSql} ON DUPLICATE KEY UPDATE ${updates}`, values: [changed.map(toRow)] });
  const hours = rollUpChanges(changes);
  if (hours.length > 0) await change(toHourStatement(hours, shard));
}

/**
 * What is known is locked before the readings are looked up: retention takes a reading before its truth, so that a
 * truth whose reading is there was not taken away meanwhile, to be counted a second time.
 */
async function insertOnce(
  transaction: Transaction,
  truths: readonly Truth[],
  shard: number,
): Promise<Set<string>> {
  const ids = truths.map(({ id }) => toSqlId(id));
  const known = await findKnown(transaction, ids);
  const readings = await findReadings(transaction, ids);
  const changes = truths.flatMap((truth): Change[] => {
    const [before, reading] = [known.get(truth.id), readings.get(truth.id)];
    const isSame = before?.label === truth.label && before.source === truth.source;
    if (!reading || isSame) return [];
    const { sensor_id, timestamp, prediction } = reading;
    return [{ truth, sensor_id, timestamp, prediction, label: truth.label, previous: before?.label }];
  });
  await writeChanges(transaction, changes, shard);
  return new Set(readings.keys());
}

function isRace(error: unknown): boolean {
  return isDuplicate(error instanceof ApiError ? error.cause : error);
}

/**
 * Keeps what stored readings really were, and moves the counts of their hours in the same transaction. Each id once, in
 * lower case. Resolves with the ids of those that are stored readings; the others are left out.
 */
export async function insertTruths(
  pool: Pool,
  truths: readonly Truth[],
  shard: number,
): Promise<Set<string>> {
  if (truths.length === 0) return new Set();
  const sorted = truths.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(pool, (transaction) => insertOnce(transaction, sorted, shard));
    } catch (error) {
      // Somebody else was the first to tell one of them: the next attempt finds it.
      if (!isRace(error) || attempt >= maxAttempts) throw error;
    }
  }
}
