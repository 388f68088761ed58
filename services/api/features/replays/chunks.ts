import type { ReplayOutcomes } from '@sensor-sentinel/contracts';
import type { Transaction } from '../../storage/connection.ts';
import type { ReplayRow } from './find-replay.ts';
import { isExhausted, type Stretch } from './frontier.ts';
import { leaseEnd } from './lease-time.ts';
import { noOutcomes, outcomeColumns, outcomeNames, outcomeSums, toOutcomeValues } from './outcomes.ts';

/** Rows that are leased, or left. The outcomes are those of the lease. */
export interface ChunkRow extends Stretch, ReplayOutcomes {
  done_rows: number;
  /** So many were done when the lease began. */
  leased_from: number;
  lease_id: Buffer | null;
  sender: string | null;
}

export const chunkColumns = `\`loop\`, first_row, \`rows\`, done_rows, leased_from, lease_id, sender, ${outcomeColumns}`;

/** Which replay, by its name for as long as it has that. */
export type ReplayKey = Pick<ReplayRow, 'name' | 'id'>;

const keySql = 'replay_id = ? AND `loop` = ? AND first_row = ?';

function toKey({ id }: ReplayKey, { loop, first_row }: Stretch): unknown[] {
  return [id, loop, first_row];
}

const outcomeUpdates = outcomeNames.map((name) => `\`${name}\` = ?`).join(', ');

/** Begins a lease on a chunk that nobody has. */
export async function leaseChunk(
  { change }: Transaction,
  replay: ReplayKey,
  { chunk, leaseId, sender }: { chunk: ChunkRow; leaseId: Buffer; sender: string },
): Promise<void> {
  const sql = `UPDATE replay_chunks SET lease_id = ?, sender = ?, leased_from = done_rows, expires_at = ${leaseEnd},
    ${outcomeUpdates} WHERE ${keySql}`;
  await change({ sql, values: [leaseId, sender, ...toOutcomeValues(noOutcomes), ...toKey(replay, chunk)] });
}

export async function insertChunk(
  { change }: Transaction,
  replay: ReplayKey,
  { stretch, leaseId, sender }: { stretch: Stretch; leaseId: Buffer; sender: string },
): Promise<void> {
  const sql = `INSERT INTO replay_chunks (replay_id, ${chunkColumns}, expires_at)
    VALUES (?, ?, ?, ?, 0, 0, ?, ?, ?, ${leaseEnd})`;
  const { loop, first_row, rows } = stretch;
  await change({
    sql,
    values: [replay.id, loop, first_row, rows, leaseId, sender, toOutcomeValues(noOutcomes)],
  });
}

/** Writes down how far the lease has come, and keeps it. */
export async function keepChunk({ change }: Transaction, replay: ReplayKey, chunk: ChunkRow): Promise<void> {
  const sql = `UPDATE replay_chunks SET done_rows = ?, expires_at = ${leaseEnd}, ${outcomeUpdates} WHERE ${keySql}`;
  await change({ sql, values: [chunk.done_rows, ...toOutcomeValues(chunk), ...toKey(replay, chunk)] });
}

/** Adds what the lease has done to the replay and to its sender: from here on the chunk no longer has it. */
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

/** So that a sender who says it again is told that it is so. */
export async function noteEndedLease(
  { change }: Transaction,
  { id }: ReplayKey,
  { lease_id }: ChunkRow,
): Promise<void> {
  if (lease_id === null) return;
  const sql = 'INSERT INTO replay_ended_leases (lease_id, replay_id, ended_at) VALUES (?, ?, NOW(3))';
  await change({ sql, values: [lease_id, id] });
}

export async function deleteChunk(
  { change }: Transaction,
  replay: ReplayKey,
  chunk: ChunkRow,
): Promise<void> {
  await change({ sql: `DELETE FROM replay_chunks WHERE ${keySql}`, values: toKey(replay, chunk) });
}

export async function shortenChunk(
  { change }: Transaction,
  replay: ReplayKey,
  chunk: ChunkRow,
): Promise<void> {
  const sql = `UPDATE replay_chunks SET \`rows\` = ? WHERE ${keySql}`;
  await change({ sql, values: [chunk.rows, ...toKey(replay, chunk)] });
}

/** Leaves the chunk to whoever asks next. */
export async function freeChunk({ change }: Transaction, replay: ReplayKey, chunk: ChunkRow): Promise<void> {
  const sql = `UPDATE replay_chunks SET lease_id = NULL, sender = NULL, leased_from = done_rows, expires_at = NOW(3),
    ${outcomeUpdates} WHERE ${keySql}`;
  await change({ sql, values: [...toOutcomeValues(noOutcomes), ...toKey(replay, chunk)] });
}

export async function hasChunks({ select }: Transaction, { id }: ReplayKey): Promise<boolean> {
  const sql = 'SELECT first_row FROM replay_chunks WHERE replay_id = ? LIMIT 1';
  return (await select({ sql, values: [id] })).length > 0;
}

/** To be called with the replay locked: whoever ends the last chunk sees that there is no other. */
export async function finishReplay(transaction: Transaction, replay: ReplayRow): Promise<void> {
  if (!isExhausted(replay) || (await hasChunks(transaction, replay))) return;
  const sql = 'UPDATE replays SET finished_at = NOW(3) WHERE name = ? AND id = ? AND finished_at IS NULL';
  await transaction.change({ sql, values: [replay.name, replay.id] });
}
