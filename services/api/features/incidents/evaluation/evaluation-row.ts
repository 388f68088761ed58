import type { Pool } from 'mysql2/promise';
import { change, inTransaction, type Transaction } from '../../../storage/connection.ts';
import { toSqlId } from '../../../storage/sql-values.ts';
import type { StreamPosition } from '../../stream/seq-tracker.ts';

/** A process that stops without releasing its lease is replaced after this. */
export const leaseMs = 4500;

/** What was evaluated other than a reading in order, after the reading with the number `after`. */
export type EvaluationInput = { after: number } & (
  | { kind: 'late'; seq: number }
  | { kind: 'time'; atMs: number }
  | { kind: 'rejected'; type: number; sensor: number; rejected: number; stored: number; atMs: number }
);

/** How many readings of a sensor were rejected and stored, up to now. */
export type SensorTotals = readonly [sensor: number, rejected: number, stored: number];

export interface Checkpoint {
  position: StreamPosition;
  /** The keys of the rules that are evaluated from here on. */
  rules: readonly string[];
  totals: readonly SensorTotals[];
}

/** How far the rules are evaluated. */
export interface Progress {
  position: StreamPosition;
  checkpoint: Checkpoint;
  /** Since the checkpoint, in the order of their evaluation. */
  inputs: readonly EvaluationInput[];
}

export interface Lease {
  fence: number;
  /** Undefined where no rule has ever been evaluated. */
  progress: Progress | undefined;
}

/** Another process has the lease. */
export class LeaseLost extends Error {}

interface EvaluationRow {
  is_free: 0 | 1;
  fence: number;
  /** JSON */
  position: string | null;
  checkpoint: string | null;
  inputs: string | null;
}

const untilExpiry = `NOW(3) + INTERVAL ${leaseMs * 1000} MICROSECOND`;

/** Takes the lease, if no other process has it. @throws StorageError */
export function acquireLease(pool: Pool, holder: string): Promise<Lease | undefined> {
  return inTransaction(pool, async (transaction) => {
    const [row] = await transaction.select<EvaluationRow>({
      sql: `SELECT (expires_at <= NOW(3) OR holder <=> ?) AS is_free, fence, position, checkpoint, inputs
        FROM rule_evaluation WHERE id = 1 FOR UPDATE SKIP LOCKED`,
      values: [toSqlId(holder)],
    });
    if (row === undefined || row.is_free === 0) return undefined;
    const fence = row.fence + 1;
    await transaction.change({
      sql: `UPDATE rule_evaluation SET holder = ?, fence = ?, expires_at = ${untilExpiry} WHERE id = 1`,
      values: [toSqlId(holder), fence],
    });
    return { fence, progress: toProgress(row) };
  });
}

/** Only `writeProgress` writes these columns. */
function toProgress({ position, checkpoint, inputs }: EvaluationRow): Progress | undefined {
  if (position === null || checkpoint === null) return undefined;
  return {
    position: JSON.parse(position) as StreamPosition,
    checkpoint: JSON.parse(checkpoint) as Checkpoint,
    inputs: JSON.parse(inputs ?? '[]') as EvaluationInput[],
  };
}

/**
 * Runs the work in a transaction that also renews the lease. While it runs, no other process can take the lease.
 * @throws LeaseLost if another process has taken it; then nothing is written; StorageError
 */
export function inLease(
  pool: Pool,
  fence: number,
  work: (transaction: Transaction) => Promise<void>,
): Promise<void> {
  return inTransaction(pool, async (transaction) => {
    const sql = 'SELECT fence FROM rule_evaluation WHERE id = 1 FOR UPDATE';
    const [row] = await transaction.select<{ fence: number }>({ sql });
    if (row?.fence !== fence) throw new LeaseLost('another process evaluates the rules');
    await work(transaction);
    await transaction.change({ sql: `UPDATE rule_evaluation SET expires_at = ${untilExpiry} WHERE id = 1` });
  });
}

/** Belongs in `inLease`. A checkpoint begins a new list of inputs. */
export async function writeProgress(
  { change }: Transaction,
  { position, inputs, checkpoint }: Omit<Progress, 'checkpoint'> & { checkpoint?: Checkpoint | undefined },
): Promise<void> {
  await change({
    sql: `UPDATE rule_evaluation SET position = ?, inputs = ?${checkpoint ? ', checkpoint = ?' : ''} WHERE id = 1`,
    values: [
      JSON.stringify(position),
      JSON.stringify(inputs),
      ...(checkpoint ? [JSON.stringify(checkpoint)] : []),
    ],
  });
}

/** Lets another process take the lease at once. Does nothing if one has taken it. @throws StorageError */
export async function releaseLease(pool: Pool, fence: number): Promise<void> {
  const sql = 'UPDATE rule_evaluation SET expires_at = NOW(3) WHERE id = 1 AND fence = ?';
  await change(pool, { sql, values: [fence] });
}
