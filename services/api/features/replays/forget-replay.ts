import type { Pool } from 'mysql2/promise';
import { ApiError } from '../../http/errors.ts';
import { inTransaction } from '../../storage/connection.ts';
import { findReplay, lockReplay } from './find-replay.ts';

const tables = ['replay_chunks', 'replay_senders', 'replay_ended_leases'];

export function toUnknown(name: string): ApiError {
  return new ApiError('not_found', { detail: `there is no replay ${name}` });
}

/** Its readings stay. Leases that senders have of it are lost. @throws ApiError `not_found` */
export async function forgetReplay(pool: Pool, name: string): Promise<void> {
  const replay = await findReplay(pool, name);
  if (!replay) throw toUnknown(name);
  await inTransaction(pool, async (transaction) => {
    if (!(await lockReplay(transaction, replay))) throw toUnknown(name);
    for (const table of tables)
      await transaction.change({ sql: `DELETE FROM ${table} WHERE replay_id = ?`, values: [replay.id] });
    await transaction.change({ sql: 'DELETE FROM replays WHERE name = ?', values: [name] });
  });
}
