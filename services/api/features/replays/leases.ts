import type { ReplayOutcomes, ReportedLoad } from '@sensor-sentinel/contracts';
import type { Transaction } from '../../storage/connection.ts';
import type { Stretch } from './frontier.ts';
import {
  noOutcomes,
  outcomeColumns,
  outcomeSums,
  outcomeUpdates,
  selectedOutcomes,
  toOutcomeValues,
} from './outcomes.ts';
import type { ReplayKey } from './replays.ts';

/** How long a sender may be silent before its rows are leased to another one. */
export const leaseMs = 10_000;

/** By the clock of the database, which all replicas share. */
const leaseEnd = `NOW(3) + INTERVAL ${leaseMs * 1000} MICROSECOND`;

/** How long the first lease of a replay whose rows are shared evenly waits for the next sender. */
export const gatherMs = 1500;

/** A sender is active if it was seen after this time. */
export const activeSince = `NOW(3) - INTERVAL ${leaseMs * 1000} MICROSECOND`;

/** Consecutive rows that are leased, or free to be leased. The outcomes are those of the current lease. */
export interface ChunkRow extends Stretch, ReplayOutcomes {
  done_rows: number;
  /** `done_rows` at the start of the lease. */
  leased_from: number;
  /** Null while the chunk is free. */
  lease_id: Buffer | null;
  sender: string | null;
}

const leaseColumns = '`loop`, first_row, `rows`, done_rows, leased_from, lease_id, sender';

/** The columns of a `ChunkRow` for SELECT. */
export const chunkColumns = `${leaseColumns}, ${selectedOutcomes}`;

const keySql = 'replay_id = ? AND `loop` = ? AND first_row = ?';

function toKey({ id }: ReplayKey, { loop, first_row }: Stretch): unknown[] {
  return [id, loop, first_row];
}

/** Inserts a chunk together with its first lease. */
export async function insertLeasedChunk(
  { change }: Transaction,
  replay: ReplayKey,
  { stretch, leaseId, sender }: { stretch: Stretch; leaseId: Buffer; sender: string },
): Promise<void> {
  const sql = `INSERT INTO replay_chunks (replay_id, ${leaseColumns}, ${outcomeColumns}, expires_at)
    VALUES (?, ?, ?, ?, 0, 0, ?, ?, ?, ${leaseEnd})`;
  const { loop, first_row, rows } = stretch;
  await change({
    sql,
    values: [replay.id, loop, first_row, rows, leaseId, sender, toOutcomeValues(noOutcomes)],
  });
}

/** Starts a new lease on a chunk that is free or expired. Without a lease, makes the chunk free for the next sender. */
export async function replaceLease(
  { change }: Transaction,
  replay: ReplayKey,
  { chunk, lease }: { chunk: ChunkRow; lease: { id: Buffer; sender: string } | null },
): Promise<void> {
  const expiresAt = lease === null ? 'NOW(3)' : leaseEnd;
  const sql = `UPDATE replay_chunks SET lease_id = ?, sender = ?, leased_from = done_rows, expires_at = ${expiresAt},
    ${outcomeUpdates} WHERE ${keySql}`;
  const values = [lease?.id ?? null, lease?.sender ?? null, ...toOutcomeValues(noOutcomes)];
  await change({ sql, values: [...values, ...toKey(replay, chunk)] });
}

/** Stores the progress of a lease and extends it. */
export async function extendLease(
  { change }: Transaction,
  replay: ReplayKey,
  chunk: ChunkRow,
): Promise<void> {
  const sql = `UPDATE replay_chunks SET done_rows = ?, expires_at = ${leaseEnd}, ${outcomeUpdates} WHERE ${keySql}`;
  await change({ sql, values: [chunk.done_rows, ...toOutcomeValues(chunk), ...toKey(replay, chunk)] });
}

/** Adds the outcomes of the lease to its replay and its sender. The caller then clears or deletes the chunk. */
export async function settleLease(
  { change }: Transaction,
  { name, id }: ReplayKey,
  chunk: ChunkRow,
): Promise<void> {
  if (chunk.done_rows === chunk.leased_from) return;
  const outcomes = toOutcomeValues(chunk);
  const replaySql = `UPDATE replays SET ${outcomeSums}, done_to = GREATEST(done_to, ?) WHERE name = ? AND id = ?`;
  await change({ sql: replaySql, values: [...outcomes, chunk.first_row + chunk.done_rows, name, id] });
  const senderSql = `UPDATE replay_senders SET ${outcomeSums} WHERE replay_id = ? AND sender = ?`;
  await change({ sql: senderSql, values: [...outcomes, id, chunk.sender] });
}

/** Settles a lease and remembers its id, so that a retried ack is recognized. */
export async function endLease(transaction: Transaction, replay: ReplayKey, chunk: ChunkRow): Promise<void> {
  await settleLease(transaction, replay, chunk);
  if (chunk.lease_id === null) return;
  const sql = 'INSERT INTO replay_ended_leases (lease_id, replay_id, ended_at) VALUES (?, ?, NOW(3))';
  await transaction.change({ sql, values: [chunk.lease_id, replay.id] });
}

export async function resizeChunk(
  { change }: Transaction,
  replay: ReplayKey,
  chunk: ChunkRow,
): Promise<void> {
  const sql = `UPDATE replay_chunks SET \`rows\` = ? WHERE ${keySql}`;
  await change({ sql, values: [chunk.rows, ...toKey(replay, chunk)] });
}

export async function deleteChunk(
  { change }: Transaction,
  replay: ReplayKey,
  chunk: ChunkRow,
): Promise<void> {
  await change({ sql: `DELETE FROM replay_chunks WHERE ${keySql}`, values: toKey(replay, chunk) });
}

export async function hasChunks({ select }: Transaction, { id }: ReplayKey): Promise<boolean> {
  const sql = 'SELECT first_row FROM replay_chunks WHERE replay_id = ? LIMIT 1';
  return (await select({ sql, values: [id] })).length > 0;
}

const loadColumns = ['offered_per_second', 'accepted_per_second', 'shed', 'p50_ms', 'p99_ms'] as const;

const loadUpdates = [...loadColumns, 'latencies'].map((column) => `${column} = VALUES(${column})`).join(', ');

interface SeenSender {
  replayId: Buffer;
  sender: string;
  /** Undefined: the stored load stays. */
  load?: ReportedLoad | undefined;
}

/** Marks a sender as active, and returns the number of active senders. */
export async function touchSender(
  { select, change }: Transaction,
  { replayId, sender, load }: SeenSender,
): Promise<number> {
  const sql = `INSERT INTO replay_senders
    (replay_id, sender, ${loadColumns.join(', ')}, latencies, first_seen, last_seen, ${outcomeColumns})
    VALUES (?, ?, ?, ?, NOW(3), NOW(3), ?)
    ON DUPLICATE KEY UPDATE last_seen = VALUES(last_seen)${load ? `, ${loadUpdates}` : ''}`;
  const loads = loadColumns.map((column) => load?.[column] ?? null);
  const latencies = load?.latencies ? JSON.stringify(load.latencies) : null;
  await change({ sql, values: [replayId, sender, loads, latencies, toOutcomeValues(noOutcomes)] });
  const activeSql = `SELECT COUNT(*) AS senders FROM replay_senders WHERE replay_id = ? AND last_seen > ${activeSince}`;
  const [row] = await select<{ senders: number }>({ sql: activeSql, values: [replayId] });
  return Math.max(1, row?.senders ?? 0);
}

/** Milliseconds until the newest sender has been known for `gatherMs`; at most 0 if it has. */
export async function findGatherMs({ select }: Transaction, { id }: ReplayKey): Promise<number> {
  const sql = `SELECT TIMESTAMPDIFF(MICROSECOND, NOW(3), MAX(first_seen)) / 1000 + ${gatherMs} AS ms
    FROM replay_senders WHERE replay_id = ?`;
  const [row] = await select<{ ms: string | null }>({ sql, values: [id] });
  return Math.ceil(Number(row?.ms ?? 0));
}
