import type { AckAnswer, AckRequest, FieldError } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { ApiError } from '../../http/errors.ts';
import { toValidationError } from '../../http/parse-request.ts';
import { inTransaction, type Transaction } from '../../storage/connection.ts';
import { toSqlId } from '../../storage/sql-values.ts';
import { isExhausted, wrapFrontier } from './frontier.ts';
import {
  type ChunkRow,
  chunkColumns,
  deleteChunk,
  endLease,
  extendLease,
  hasChunks,
  leaseMs,
  replaceLease,
  resizeChunk,
  touchSender,
} from './leases.ts';
import { countRows, outcomeNames } from './outcomes.ts';
import { findReplay, lockReplay, type ReplayRow, requireTotalRows } from './replays.ts';

/**
 * Counts the rows that a lease has done, then extends, ends or releases the lease. A retried ack counts once.
 * @throws ApiError `lease_lost`, `replay_mismatch`, `validation_failed`
 */
export async function acknowledge(pool: Pool, name: string, ack: AckRequest): Promise<AckAnswer> {
  const replay = await findReplay(pool, name);
  if (!replay) throw toLeaseLost(ack);
  return inTransaction(pool, (transaction) => acknowledgeIn(transaction, replay, ack));
}

async function acknowledgeIn(
  transaction: Transaction,
  replay: ReplayRow,
  ack: AckRequest,
): Promise<AckAnswer> {
  const { sender, load, outcomes, done_rows, total_rows } = ack;
  const chunk = await findChunk(transaction, replay, ack);
  if (!chunk && !(await isEndedLease(transaction, replay, ack.lease_id))) throw toLeaseLost(ack);
  if (chunk) {
    const faults = listFaults(chunk, ack);
    if (faults.length > 0) throw toValidationError(faults);
    await extendLease(transaction, replay, { ...chunk, ...outcomes, done_rows });
    const isEndNew = total_rows !== undefined && total_rows !== replay.total_rows;
    if (isEndNew || ack.is_released || done_rows === chunk.rows) await applyEnds(transaction, replay, ack);
  }
  const active_senders = await touchSender(transaction, { replayId: replay.id, sender, load });
  return { expires_in_ms: leaseMs, active_senders };
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

async function isEndedLease({ select }: Transaction, { id }: ReplayRow, leaseId: string): Promise<boolean> {
  const sql = 'SELECT lease_id FROM replay_ended_leases WHERE lease_id = ? AND replay_id = ?';
  return (await select({ sql, values: [toSqlId(leaseId), id] })).length > 0;
}

function toLeaseLost({ lease_id, sender }: AckRequest): ApiError {
  const detail = `Sender ${sender} does not hold the lease ${lease_id}. Either another sender took it over after ${leaseMs} ms without an ack, or the replay was deleted. Nothing was counted; request a new lease.`;
  return new ApiError('lease_lost', { detail });
}

/** How an ack does not fit its lease or earlier acks. */
function listFaults(chunk: ChunkRow, { done_rows, outcomes, total_rows }: AckRequest): FieldError[] {
  const faults: FieldError[] = [];
  const add = (path: string, message: string) => faults.push({ path, message });
  if (done_rows > chunk.rows) add('done_rows', `expected at most ${chunk.rows}, the rows of the lease`);
  if (done_rows < chunk.done_rows)
    add('done_rows', `expected at least ${chunk.done_rows}, the value of an earlier ack`);
  for (const name of outcomeNames) {
    if (outcomes[name] < chunk[name])
      add(`outcomes.${name}`, `expected at least ${chunk[name]}, the value of an earlier ack`);
  }
  const counted = countRows(outcomes);
  const doneByLease = done_rows - chunk.leased_from;
  if (counted !== doneByLease) {
    const sum = `stored + rejected + bad + dropped is ${counted}`;
    const expected = `expected ${doneByLease}: done_rows minus the ${chunk.leased_from} rows done before the lease`;
    add('outcomes', `${sum}; ${expected}`);
  }
  if (outcomes.duplicates > outcomes.stored)
    add('outcomes.duplicates', 'expected at most the value of stored, which includes duplicates');
  const doneTo = done_rows === 0 ? 0 : chunk.first_row + done_rows;
  if (total_rows !== undefined && total_rows < doneTo)
    add('total_rows', `expected at least ${doneTo}, the end of the rows that are done`);
  return faults;
}

/** Applies an ack that ends the file, the lease or the replay. These changes need the lock on the replay. */
async function applyEnds(transaction: Transaction, replay: ReplayRow, ack: AckRequest): Promise<void> {
  const locked = await lockReplay(transaction, replay);
  if (!locked) throw toLeaseLost(ack);
  const { total_rows, is_released } = ack;
  const current = total_rows === undefined ? locked : await setTotalRows(transaction, locked, total_rows);
  const chunk = await findChunk(transaction, current, ack); // setTotalRows may have shortened or deleted it
  const isDone = chunk?.done_rows === chunk?.rows;
  if (chunk && (isDone || is_released)) {
    await endLease(transaction, current, chunk);
    if (isDone) await deleteChunk(transaction, current, chunk);
    else await replaceLease(transaction, current, { chunk, lease: null });
  }
  await finishIfDone(transaction, current);
}

/**
 * Sets the number of rows of the file, and removes the rows beyond it from all chunks. Returns the changed replay.
 * @throws ApiError `replay_mismatch` if another number is known, `validation_failed` if rows beyond it are done
 */
async function setTotalRows(
  transaction: Transaction,
  replay: ReplayRow,
  totalRows: number,
): Promise<ReplayRow> {
  if (replay.total_rows === totalRows) return replay;
  requireTotalRows(replay, totalRows);
  const chunksSql = `SELECT ${chunkColumns} FROM replay_chunks WHERE replay_id = ? ORDER BY \`loop\`, first_row FOR UPDATE`;
  const chunks = await transaction.select<ChunkRow>({ sql: chunksSql, values: [replay.id] });
  requireNoneDoneBeyond(totalRows, replay, chunks);
  const cut = wrapFrontier({ ...replay, total_rows: totalRows });
  const sql = 'UPDATE replays SET total_rows = ?, next_loop = ?, next_row = ? WHERE name = ?';
  await transaction.change({ sql, values: [totalRows, cut.next_loop, cut.next_row, replay.name] });
  for (const chunk of chunks) {
    const rows = Math.min(chunk.rows, Math.max(0, totalRows - chunk.first_row));
    if (rows < chunk.rows) await shortenChunk(transaction, replay, { ...chunk, rows });
  }
  return cut;
}

function requireNoneDoneBeyond(totalRows: number, replay: ReplayRow, chunks: readonly ChunkRow[]): void {
  const ends = chunks
    .filter(({ done_rows }) => done_rows > 0)
    .map((chunk) => chunk.first_row + chunk.done_rows);
  const doneTo = Math.max(replay.done_to, ...ends);
  if (totalRows < doneTo) {
    const message = `expected at least ${doneTo}, the end of the rows that are done`;
    throw toValidationError([{ path: 'total_rows', message }]);
  }
}

async function shortenChunk(transaction: Transaction, replay: ReplayRow, chunk: ChunkRow): Promise<void> {
  if (chunk.done_rows < chunk.rows) return resizeChunk(transaction, replay, chunk);
  await endLease(transaction, replay, chunk);
  await deleteChunk(transaction, replay, chunk);
}

/** Requires the lock on the replay: of two acks that end the last chunks, the second finds none left. */
async function finishIfDone(transaction: Transaction, replay: ReplayRow): Promise<void> {
  if (!isExhausted(replay) || (await hasChunks(transaction, replay))) return;
  const sql = 'UPDATE replays SET finished_at = NOW(3) WHERE name = ? AND id = ? AND finished_at IS NULL';
  await transaction.change({ sql, values: [replay.name, replay.id] });
}
