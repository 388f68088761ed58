import { randomUUID } from 'node:crypto';
import type { IdScheme, LeaseRequest, ReplayOutcomes } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { ApiError } from '../../http/errors.ts';
import { change, inTransaction, selectRows, type Transaction } from '../../storage/connection.ts';
import { toSqlId } from '../../storage/sql-values.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import type { Frontier } from './frontier.ts';
import { noOutcomes, outcomeColumns, selectedOutcomes, toOutcomeValues } from './outcomes.ts';

export interface ReplayRow extends Frontier, ReplayOutcomes {
  name: string;
  id: Buffer;
  /** The version of the UUIDs that identify its readings. */
  id_scheme: IdScheme;
  file_name: string;
  /** The name of the type of its readings. */
  type: string;
  fingerprint: string | null;
  /** The end (exclusive) of the rows of the file that any loop has done. */
  done_to: number;
  taken_over: number;
  started_at: string;
  finished_at: string | null;
}

/** The id differs between replays that have used the same name. */
export type ReplayKey = Pick<ReplayRow, 'name' | 'id'>;

/** The columns of a `ReplayRow` for SELECT. */
export const replayColumns = `name, (SELECT sensor_types.name FROM sensor_types WHERE sensor_types.id = replays.type) AS type, id, id_scheme, file_name, fingerprint, loops, next_loop, next_row, done_to, total_rows,
  taken_over, started_at, finished_at, ${selectedOutcomes}`;

const findSql = `SELECT ${replayColumns} FROM replays WHERE name = ?`;

export async function findReplay(pool: Pool, name: string): Promise<ReplayRow | undefined> {
  const [row] = await selectRows<ReplayRow>(pool, { sql: findSql, values: [name] });
  return row;
}

/** Reads and locks the replay; undefined if it was deleted, even if its name is in use again. */
export async function lockReplay(
  { select }: Transaction,
  { name, id }: ReplayKey,
): Promise<ReplayRow | undefined> {
  const [row] = await select<ReplayRow>({ sql: `${findSql} FOR UPDATE`, values: [name] });
  return row?.id.equals(id) ? row : undefined;
}

/** Does nothing if the replay exists: of several first leases at once, one inserts it. */
export async function insertReplay(
  pool: Pool,
  name: string,
  { type, request }: { type: LoadedType; request: LeaseRequest },
): Promise<void> {
  const { file, loops, id_scheme, total_rows = null } = request;
  const sql = `INSERT INTO replays (name, type, id, id_scheme, file_name, fingerprint, loops, next_loop, next_row, done_to, total_rows,
      taken_over, started_at, finished_at, ${outcomeColumns})
    VALUES (?, ?, ?, ?, ?, ?, ?, 0, 0, 0, ?, 0, NOW(3), NULL, ?) ON DUPLICATE KEY UPDATE name = replays.name`;
  const outcomes = toOutcomeValues(noOutcomes);
  const ids = [toSqlId(randomUUID()), id_scheme];
  const values = [name, type.id, ...ids, file.name, file.fingerprint, loops, total_rows, outcomes];
  await change(pool, { sql, values });
}

const replayTables = ['replay_chunks', 'replay_senders', 'replay_ended_leases'];

/** Keeps the readings. Senders lose their leases of the replay. @throws ApiError `not_found` */
export async function deleteReplay(pool: Pool, name: string): Promise<void> {
  const replay = await findReplay(pool, name);
  if (!replay) throw toNotFound(name);
  await inTransaction(pool, async (transaction) => {
    if (!(await lockReplay(transaction, replay))) throw toNotFound(name);
    for (const table of replayTables)
      await transaction.change({ sql: `DELETE FROM ${table} WHERE replay_id = ?`, values: [replay.id] });
    await transaction.change({ sql: 'DELETE FROM replays WHERE name = ?', values: [name] });
  });
}

export function toNotFound(name: string): ApiError {
  return new ApiError('not_found', {
    detail: `There is no replay ${name}. GET /replays lists the newest ones.`,
  });
}

/** Checks that a lease request is for the file, loops and ids of the replay. @throws ApiError `replay_mismatch` */
export function requireMatch(
  replay: ReplayRow,
  { type, request }: { type: LoadedType; request: LeaseRequest },
): void {
  const { file, loops, id_scheme, total_rows } = request;
  const { name, fingerprint } = replay;
  if (fingerprint !== null && file.fingerprint !== null && fingerprint !== file.fingerprint) {
    const difference = `The replay ${name} is of a file ${replay.file_name}, whose content differs from ${file.name}`;
    throw toMismatch(name, difference);
  }
  if (replay.type !== type.name)
    throw toMismatch(name, `The replay ${name} has readings of the type ${replay.type}, not ${type.name}`);
  if (replay.loops !== loops)
    throw toMismatch(name, `The replay ${name} has ${replay.loops} loops, not ${loops} (0: no limit)`);
  if (total_rows !== undefined) requireTotalRows(replay, total_rows);
  if (replay.id_scheme > id_scheme) {
    const difference = `The readings of the replay ${name} have ids of version ${replay.id_scheme}, which this sender does not support. Update the sender`;
    throw toMismatch(name, difference);
  }
}

/** @throws ApiError `replay_mismatch` if another number of rows is known */
export function requireTotalRows({ name, total_rows }: ReplayRow, given: number): void {
  if (total_rows !== null && total_rows !== given)
    throw toMismatch(name, `The file of the replay ${name} has ${total_rows} rows, not ${given}`);
}

export function toMismatch(name: string, difference: string): ApiError {
  const solution = `Set SENDER_REPLAY to another name, or delete the replay (DELETE /replays/${name}) to start over`;
  return new ApiError('replay_mismatch', { detail: `${difference}. ${solution}.` });
}
