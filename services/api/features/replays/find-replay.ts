import { randomUUID } from 'node:crypto';
import type { LeaseRequest, ReplayOutcomes } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { ApiError } from '../../http/errors.ts';
import type { Transaction } from '../../storage/connection.ts';
import { change, selectRows } from '../../storage/connection.ts';
import { toSqlId } from '../../storage/sql-values.ts';
import type { Frontier } from './frontier.ts';
import { noOutcomes, outcomeColumns, toOutcomeValues } from './outcomes.ts';

export interface ReplayRow extends Frontier, ReplayOutcomes {
  name: string;
  id: Buffer;
  file_name: string;
  fingerprint: string | null;
  /** Behind the last row of the file that is known to be there. */
  done_to: number;
  taken_over: number;
  started_at: string;
  finished_at: string | null;
}

export const replayColumns = `name, id, file_name, fingerprint, loops, next_loop, next_row, done_to, total_rows,
  taken_over, started_at, finished_at, ${outcomeColumns}`;

const sql = `SELECT ${replayColumns} FROM replays WHERE name = ?`;

export async function findReplay(pool: Pool, name: string): Promise<ReplayRow | undefined> {
  const [row] = await selectRows<ReplayRow>(pool, { sql, values: [name] });
  return row;
}

/** As it is now, for nobody else to change; undefined where it is forgotten, or another bears its name. */
export async function lockReplay(
  { select }: Transaction,
  { name, id }: Pick<ReplayRow, 'name' | 'id'>,
): Promise<ReplayRow | undefined> {
  const [row] = await select<ReplayRow>({ sql: `${sql} FOR UPDATE`, values: [name] });
  return row?.id.equals(id) ? row : undefined;
}

/** The first lease makes the replay; of several at once one does. */
export async function beginReplay(pool: Pool, name: string, { file, loops }: LeaseRequest): Promise<void> {
  const sql = `INSERT INTO replays (name, id, file_name, fingerprint, loops, next_loop, next_row, done_to, total_rows,
      taken_over, started_at, finished_at, ${outcomeColumns})
    VALUES (?, ?, ?, ?, ?, 0, 0, 0, NULL, 0, NOW(3), NULL, ?) ON DUPLICATE KEY UPDATE name = replays.name`;
  const outcomes = toOutcomeValues(noOutcomes);
  const values = [name, toSqlId(randomUUID()), file.name, file.fingerprint, loops, outcomes];
  await change(pool, { sql, values });
}

const howToMend = 'Give this one another name (SENDER_REPLAY), or forget that one (DELETE /replays/';

export function toMismatch(name: string, difference: string): ApiError {
  return new ApiError('replay_mismatch', { detail: `${difference}. ${howToMend}${name}) to begin anew.` });
}

/** @throws ApiError `replay_mismatch` */
export function requireSame(replay: ReplayRow, { file, loops }: LeaseRequest): void {
  const { name, fingerprint } = replay;
  if (fingerprint !== null && file.fingerprint !== null && fingerprint !== file.fingerprint) {
    const difference = `The replay ${name} is of a file ${replay.file_name} with other content than ${file.name}`;
    throw toMismatch(name, difference);
  }
  if (replay.loops !== loops)
    throw toMismatch(name, `The replay ${name} has ${replay.loops} loops, not ${loops} (0: for ever)`);
}
