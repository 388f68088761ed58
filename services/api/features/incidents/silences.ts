import { type Matcher, maxSilences, type Silence, type SilenceInput } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { v7 } from 'uuid';
import { ApiError } from '../../http/errors.ts';
import { toValidationError } from '../../http/parse-request.ts';
import { change, inTransaction, selectRows } from '../../storage/connection.ts';
import { fromSqlId, fromSqlTimestamp, toSqlId, toSqlTimestamp } from '../../storage/sql-values.ts';

interface SilenceRow {
  id: Buffer;
  /** JSON */
  matchers: string;
  starts_at: string;
  ends_at: string;
  created_by: string;
  comment: string;
}

const columns = 'id, matchers, starts_at, ends_at, created_by, comment';

/** The silences with the latest end, those that have ended included. @throws StorageError */
export async function listSilences(pool: Pool, now: Date): Promise<Silence[]> {
  const sql = `SELECT ${columns} FROM silences ORDER BY ends_at DESC, id LIMIT ${maxSilences}`;
  return (await selectRows<SilenceRow>(pool, { sql })).map((row) => toSilence(row, now));
}

function toSilence({ id, matchers, starts_at, ends_at, ...row }: SilenceRow, now: Date): Silence {
  const [startsAt, endsAt] = [fromSqlTimestamp(starts_at), fromSqlTimestamp(ends_at)];
  const at = now.toISOString();
  return {
    id: fromSqlId(id),
    matchers: JSON.parse(matchers) as Matcher[], // only `insertSilence` writes it
    starts_at: startsAt,
    ends_at: endsAt,
    ...row,
    state: endsAt <= at ? 'expired' : startsAt <= at ? 'active' : 'pending',
  };
}

/** @throws ApiError `validation_failed`, `limit_reached`; StorageError */
export async function insertSilence(pool: Pool, input: SilenceInput, now: Date): Promise<Silence> {
  const { matchers, ends_at, created_by, comment, starts_at = now.toISOString() } = input;
  if (ends_at <= now.toISOString())
    throw toValidationError([{ path: 'ends_at', message: 'expected a time in the future' }]);
  const row: SilenceRow = {
    id: toSqlId(v7()),
    matchers: JSON.stringify(matchers),
    starts_at: toSqlTimestamp(starts_at),
    ends_at: toSqlTimestamp(ends_at),
    created_by,
    comment,
  };
  await inTransaction(pool, async (transaction) => {
    const sql = 'SELECT COUNT(*) AS silences FROM silences WHERE ends_at > ?';
    const values = [toSqlTimestamp(now.toISOString())];
    const [counted] = await transaction.select<{ silences: number }>({ sql, values });
    if ((counted?.silences ?? 0) >= maxSilences) {
      const detail = `There are already ${maxSilences} silences that have not ended. End one first.`;
      throw new ApiError('limit_reached', { detail });
    }
    await transaction.change({
      sql: `INSERT INTO silences (${columns}) VALUES (?)`,
      values: [[row.id, row.matchers, row.starts_at, row.ends_at, created_by, comment]],
    });
  });
  return toSilence(row, now);
}

/** Ends a silence now; one that has ended stays as it is. @throws ApiError `not_found`; StorageError */
export async function endSilence(pool: Pool, id: string, now: Date): Promise<void> {
  const key = toSqlId(id);
  const sql = 'SELECT id FROM silences WHERE id = ?';
  const [known] = await selectRows(pool, { sql, values: [key] });
  if (known === undefined)
    throw new ApiError('not_found', {
      detail: `There is no silence ${id}. GET /silences lists all silences.`,
    });
  const at = toSqlTimestamp(now.toISOString());
  // A silence that has not begun keeps its start before its end.
  await change(pool, {
    sql: 'UPDATE silences SET starts_at = LEAST(starts_at, ?), ends_at = ? WHERE id = ? AND ends_at > ?',
    values: [at, at, key, at],
  });
}
