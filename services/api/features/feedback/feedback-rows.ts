import type { Feedback, FeedbackQuery, FeedbackSource } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { inTransaction, selectRows, type Transaction } from '../../storage/connection.ts';
import { isDuplicate } from '../../storage/database-errors.ts';
import { fromSqlId, fromSqlTimestamp, toSqlId, toSqlTimestamp } from '../../storage/sql-values.ts';
import { type LabelChange, toHourStatement } from './confusion.ts';

interface FeedbackRow {
  id: Buffer;
  label: 0 | 1;
  source: FeedbackSource;
  decided_at: string;
}

/** Feedback on the given readings, in order of their ids. Readings without feedback are left out. */
export async function listFeedback(pool: Pool, { id: ids }: FeedbackQuery): Promise<Feedback[]> {
  if (ids.length === 0) return [];
  const sql = 'SELECT id, label, source, decided_at FROM feedback WHERE id IN (?) ORDER BY id';
  const rows = await selectRows<FeedbackRow>(pool, { sql, values: [ids.map(toSqlId)] });
  return rows.map(({ id, label, source, decided_at }) => ({
    id: fromSqlId(id),
    label,
    source,
    decided_at: fromSqlTimestamp(decided_at),
  }));
}

const maxAttempts = 5;

/**
 * Stores feedback on readings, and updates the hourly counts in the same transaction. Each id occurs once, in lower
 * case. Resolves with the ids of stored readings; feedback on other ids is ignored.
 */
export async function insertFeedback(
  pool: Pool,
  feedback: readonly Feedback[],
  shard: number,
): Promise<Set<string>> {
  if (feedback.length === 0) return new Set();
  const sorted = feedback.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  for (let attempt = 1; ; attempt++) {
    try {
      return await inTransaction(pool, (transaction) => insertIn(transaction, sorted, shard));
    } catch (error) {
      // Another transaction has inserted feedback on the same reading. The next attempt updates it.
      if (!isDuplicate(error) || attempt >= maxAttempts) throw error;
    }
  }
}

interface FeedbackChange extends LabelChange {
  feedback: Feedback;
}

/**
 * Locks known feedback before it reads the readings. Retention deletes a reading before its feedback, so feedback that is
 * missing while its reading is present was never stored, and is not counted twice.
 */
async function insertIn(
  transaction: Transaction,
  allFeedback: readonly Feedback[],
  shard: number,
): Promise<Set<string>> {
  const ids = allFeedback.map(({ id }) => toSqlId(id));
  const known = await lockFeedback(transaction, ids);
  const readings = await findReadings(transaction, ids);
  const changes = allFeedback.flatMap((feedback): FeedbackChange[] => {
    const [before, reading] = [known.get(feedback.id), readings.get(feedback.id)];
    const isSame = before?.label === feedback.label && before.source === feedback.source;
    if (!reading || isSame) return [];
    const { type, sensor, timestamp, prediction } = reading;
    const [label, previous] = [feedback.label, before?.label];
    return [{ feedback, type, sensor, timestamp, prediction, label, previous }];
  });
  await writeChanges(transaction, changes, shard);
  return new Set(readings.keys());
}

async function lockFeedback({ select }: Transaction, ids: readonly Buffer[]) {
  const sql =
    'SELECT id, label, source FROM feedback FORCE INDEX (PRIMARY) WHERE id IN (?) ORDER BY id FOR UPDATE';
  const rows = await select<Pick<FeedbackRow, 'id' | 'label' | 'source'>>({ sql, values: [ids] });
  return new Map(rows.map((row) => [fromSqlId(row.id), row]));
}

interface ReadingRow {
  id: Buffer;
  type: number;
  sensor: number;
  timestamp: string;
  prediction: 0 | 1 | null;
}

async function findReadings({ select }: Transaction, ids: readonly Buffer[]) {
  const sql = 'SELECT id, type, sensor, timestamp, prediction FROM readings WHERE id IN (?)';
  const rows = await select<ReadingRow>({ sql, values: [ids] });
  return new Map(rows.map((row) => [fromSqlId(row.id), row]));
}

async function writeChanges(
  { change }: Transaction,
  changes: readonly FeedbackChange[],
  shard: number,
): Promise<void> {
  const columns = 'id, type, sensor, timestamp, prediction, label, source, decided_at';
  const insertSql = `INSERT INTO feedback (${columns}) VALUES ?`;
  const added = changes.filter(({ previous }) => previous === undefined);
  const changed = changes.filter(({ previous }) => previous !== undefined);
  const updates = 'label = VALUES(label), source = VALUES(source), decided_at = VALUES(decided_at)';
  if (added.length > 0) await change({ sql: insertSql, values: [added.map(toRow)] });
  if (changed.length > 0)
    await change({ sql: `${insertSql} ON DUPLICATE KEY UPDATE ${updates}`, values: [changed.map(toRow)] });
  const counts = toHourStatement(changes, shard);
  if (counts) await change(counts);
}

function toRow({ feedback, type, sensor, timestamp, prediction }: FeedbackChange): unknown[] {
  const { id, label, source, decided_at } = feedback;
  const values = [prediction, label, source, toSqlTimestamp(decided_at)];
  return [toSqlId(id), type, sensor, timestamp, ...values];
}

interface Deletion {
  readingId: string;
  /** If given, feedback from another source is kept. */
  source?: FeedbackSource | undefined;
}

/** Deletes the feedback on a reading, and updates the hourly counts in the same transaction. */
export function deleteFeedback(pool: Pool, deletion: Deletion, shard: number): Promise<void> {
  return inTransaction(pool, (transaction) => deleteIn(transaction, deletion, shard));
}

async function deleteIn(
  { select, change }: Transaction,
  { readingId, source: onlySource }: Deletion,
  shard: number,
): Promise<void> {
  const id = toSqlId(readingId);
  const sql =
    'SELECT type, sensor, timestamp, prediction, label, source FROM feedback WHERE id = ? FOR UPDATE';
  const [known] = await select<ReadingRow & FeedbackRow>({ sql, values: [id] });
  if (!known || (onlySource !== undefined && known.source !== onlySource)) return;
  const { label: previous, source: _, ...reading } = known;
  await change({ sql: 'DELETE FROM feedback WHERE id = ?', values: [id] });
  const counts = toHourStatement([{ ...reading, label: undefined, previous }], shard);
  if (counts) await change(counts);
}
