import type { AckAnswer, AckRequest } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { ApiError } from '../../http/errors.ts';
import { inTransaction, type Transaction } from '../../storage/connection.ts';
import { toSqlId } from '../../storage/sql-values.ts';
import { checkAck } from './check-ack.ts';
import {
  type ChunkRow,
  chunkColumns,
  deleteChunk,
  finishReplay,
  freeChunk,
  keepChunk,
  noteEndedLease,
  settleLease,
} from './chunks.ts';
import { cutReplay } from './cut-replay.ts';
import { findReplay, lockReplay, type ReplayRow } from './find-replay.ts';
import { leaseMs } from './lease-time.ts';
import { hearSender } from './senders.ts';

function toLost({ lease_id, sender }: AckRequest): ApiError {
  const detail = `The lease ${lease_id} is not, or no longer, ${sender}'s: it was silent for longer than ${leaseMs} ms and another sender has its rows, or the replay was forgotten. Nothing was counted; ask for another lease.`;
  return new ApiError('lease_lost', { detail });
}

async function findChunk(
  { select }: Transaction,
  { id }: ReplayRow,
  { lease_id, sender }: AckRequest,
): Promise<ChunkRow | undefined> {
  const sql = `SELECT ${chunkColumns} FROM replay_chunks
    WHERE lease_id = ? AND replay_id = ? AND sender = ? FOR UPDATE`;
  const [chunk] = await select<ChunkRow>({ sql, values: [toSqlId(lease_id), id, sender] });
  return chunk;
}

/** Whether the word that ended this lease was heard before. */
async function hasEnded({ select }: Transaction, { id }: ReplayRow, leaseId: string): Promise<boolean> {
  const sql = 'SELECT lease_id FROM replay_ended_leases WHERE lease_id = ? AND replay_id = ?';
  return (await select({ sql, values: [toSqlId(leaseId), id] })).length > 0;
}

/** What an ack changes beyond the chunk's own row: the end of the file, of the lease, of the replay. */
async function endWhatIsDone(transaction: Transaction, replay: ReplayRow, ack: AckRequest): Promise<void> {
  const locked = await lockReplay(transaction, replay);
  if (!locked) throw toLost(ack);
  const { total_rows, is_released } = ack;
  const current = total_rows === undefined ? locked : await cutReplay(transaction, locked, total_rows);
  const chunk = await findChunk(transaction, current, ack); // the cut may have shortened it, or ended the lease
  const isDone = chunk?.done_rows === chunk?.rows;
  if (chunk && (isDone || is_released)) {
    await settleLease(transaction, current, chunk);
    await noteEndedLease(transaction, current, chunk);
    if (isDone) await deleteChunk(transaction, current, chunk);
    else await freeChunk(transaction, current, chunk);
  }
  await finishReplay(transaction, current);
}

async function acknowledgeOnce(
  transaction: Transaction,
  replay: ReplayRow,
  ack: AckRequest,
): Promise<AckAnswer> {
  const { sender, load, outcomes, done_rows, total_rows } = ack;
  const chunk = await findChunk(transaction, replay, ack);
  if (!chunk && !(await hasEnded(transaction, replay, ack.lease_id))) throw toLost(ack);
  if (chunk) {
    checkAck(chunk, ack);
    await keepChunk(transaction, replay, { ...chunk, ...outcomes, done_rows });
    const isEndNew = total_rows !== undefined && total_rows !== replay.total_rows;
    if (isEndNew || ack.is_released || done_rows === chunk.rows)
      await endWhatIsDone(transaction, replay, ack);
  }
  const active_senders = await hearSender(transaction, { replayId: replay.id, sender, load });
  return { expires_in_ms: leaseMs, active_senders };
}

/**
 * Counts what a lease has done, and keeps, ends or gives back the lease. An ack may come again.
 * @throws ApiError `lease_lost`, `replay_mismatch`, `validation_failed`
 */
export async function acknowledge(pool: Pool, name: string, ack: AckRequest): Promise<AckAnswer> {
  const replay = await findReplay(pool, name);
  if (!replay) throw toLost(ack);
  return inTransaction(pool, (transaction) => acknowledgeOnce(transaction, replay, ack));
}
