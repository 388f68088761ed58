import type { Lease, LeaseAnswer, LeaseRequest } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { v7 } from 'uuid';
import { ApiError } from '../../http/errors.ts';
import { inTransaction, type Transaction } from '../../storage/connection.ts';
import { fromSqlId, fromSqlTimestamp, toSqlId } from '../../storage/sql-values.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { isUntouched, type Stretch, takeStretch, toEvenRows } from './frontier.ts';
import {
  type ChunkRow,
  chunkColumns,
  findGatherMs,
  hasChunks,
  insertLeasedChunk,
  leaseMs,
  replaceLease,
  settleLease,
  touchSender,
} from './leases.ts';
import { findReplay, insertReplay, lockReplay, type ReplayRow, requireMatch } from './replays.ts';

/** When a sender without a lease tries again. */
const retryAfterMs = 500;
/** How long an ended lease is remembered, so that a retried ack is recognized. */
const endedLeaseMinutes = 10;
const maxAttempts = 5;

/**
 * Leases rows to a sender: first chunks that are free or expired, then the next rows of the file, then the next loop.
 * @throws ApiError `replay_mismatch`
 */
export async function leaseRows(
  pool: Pool,
  name: string,
  { type, request }: { type: LoadedType; request: LeaseRequest },
): Promise<LeaseAnswer> {
  for (let attempt = 1; attempt <= maxAttempts; attempt++) {
    const replay = await findReplay(pool, name);
    if (!replay) {
      await insertReplay(pool, name, { type, request });
      continue;
    }
    requireMatch(replay, { type, request });
    const answer = await inTransaction(pool, (transaction) => leaseIn(transaction, replay, request));
    if (answer) return answer;
  }
  const detail = `The replay ${name} was deleted during each of ${maxAttempts} attempts. Try again in a second.`;
  throw new ApiError('overloaded', { detail });
}

/** Undefined if the replay was deleted meanwhile. */
async function leaseIn(
  transaction: Transaction,
  replay: ReplayRow,
  request: LeaseRequest,
): Promise<LeaseAnswer | undefined> {
  const leased =
    (await leaseFreeChunk(transaction, replay, request.sender)) ??
    (await leaseNextRows(transaction, replay, request));
  if (!leased) return undefined;
  return {
    replay_id: fromSqlId(replay.id),
    id_scheme: replay.id_scheme,
    started_at: fromSqlTimestamp(replay.started_at),
    loops: replay.loops,
    ...leased,
  };
}

type Leased = Pick<LeaseAnswer, 'active_senders' | 'state' | 'lease' | 'retry_after_ms'>;

async function leaseFreeChunk(
  transaction: Transaction,
  replay: ReplayRow,
  sender: string,
): Promise<Leased | undefined> {
  const chunk = await findFreeChunk(transaction, replay);
  if (!chunk) return undefined;
  if (chunk.sender !== null && chunk.sender !== sender) {
    const sql = 'UPDATE replays SET taken_over = taken_over + 1 WHERE name = ? AND id = ?';
    await transaction.change({ sql, values: [replay.name, replay.id] });
  }
  await settleLease(transaction, replay, chunk);
  const id = v7();
  await replaceLease(transaction, replay, { chunk, lease: { id: toSqlId(id), sender } });
  const active_senders = await touchSender(transaction, { replayId: replay.id, sender });
  return { active_senders, ...toLease(id, chunk, chunk.done_rows) };
}

/** The chunk that was released or expired first, skipping those that another transaction has locked. */
async function findFreeChunk({ select }: Transaction, { id }: ReplayRow): Promise<ChunkRow | undefined> {
  const sql = `SELECT ${chunkColumns} FROM replay_chunks FORCE INDEX (replay_chunks_expires_at)
    WHERE replay_id = ? AND expires_at <= NOW(3) ORDER BY expires_at LIMIT 1 FOR UPDATE SKIP LOCKED`;
  const [chunk] = await select<ChunkRow>({ sql, values: [id] });
  return chunk;
}

async function leaseNextRows(
  transaction: Transaction,
  replay: ReplayRow,
  { rows, sender, shares_evenly }: LeaseRequest,
): Promise<Leased | undefined> {
  const current = await lockReplay(transaction, replay);
  if (!current) return undefined;
  const active_senders = await touchSender(transaction, { replayId: current.id, sender });
  const gatherMs = shares_evenly && isUntouched(current) ? await findGatherMs(transaction, current) : 0;
  // All senders try again at the same time, so that none is ahead of the others.
  if (gatherMs > 0) return { active_senders, state: 'waiting', lease: null, retry_after_ms: gatherMs };
  const maxRows = shares_evenly ? Math.min(rows, toEvenRows(current, active_senders)) : rows;
  const taken = takeStretch(current, maxRows);
  if (!taken) {
    const isWaiting = await hasChunks(transaction, current);
    return isWaiting
      ? { active_senders, state: 'waiting', lease: null, retry_after_ms: retryAfterMs }
      : { active_senders, state: 'finished', lease: null, retry_after_ms: 0 };
  }
  const id = v7();
  await insertLeasedChunk(transaction, current, { stretch: taken.stretch, leaseId: toSqlId(id), sender });
  const { next_loop, next_row } = taken.frontier;
  const sql = 'UPDATE replays SET next_loop = ?, next_row = ? WHERE name = ?';
  await transaction.change({ sql, values: [next_loop, next_row, current.name] });
  await transaction.change({
    sql: `DELETE FROM replay_ended_leases WHERE replay_id = ? AND ended_at < NOW(3) - INTERVAL ? MINUTE LIMIT 100`,
    values: [current.id, endedLeaseMinutes],
  });
  return { active_senders, ...toLease(id, taken.stretch, 0) };
}

function toLease(id: string, { loop, first_row, rows }: Stretch, done_rows: number) {
  const lease: Lease = { id, loop, first_row, rows, done_rows, expires_in_ms: leaseMs };
  return { state: 'leased', lease, retry_after_ms: 0 } as const;
}
