import type { QueryOptions } from 'mysql2';
import { acquireConnection } from './acquire-connection.ts';
import { toStorageError } from './database-errors.ts';
import { type CallbackPool, statementTimeoutMs } from './pool.ts';

export interface Statement {
  sql: string;
  values?: readonly unknown[];
}

function toQueryOptions({ sql, values = [] }: Statement): QueryOptions {
  return { sql, values: [...values], timeout: statementTimeoutMs };
}

/**
 * Runs one statement on a connection of its own. A connection whose statement ran out of time is
 * destroyed: what the server still answers on it would be taken for the answer to the next one.
 * @throws ApiError `database_unavailable`, or what the server says
 */
export function runQuery(pool: CallbackPool, statement: Statement): Promise<unknown> {
  return new Promise((resolve, reject) => {
    acquireConnection(pool, (away, connection) => {
      if (!connection) return reject(toStorageError(away));
      connection.query(toQueryOptions(statement), (error, result) => {
        if (error?.code === 'PROTOCOL_SEQUENCE_TIMEOUT') connection.destroy();
        else connection.release();
        if (error) reject(toStorageError(error));
        else resolve(result);
      });
    });
  });
}

/** The rows of a SELECT. mysql2 cannot know their type: each mapper beside its query adapts them. */
export async function selectRows<Row>(pool: CallbackPool, statement: Statement): Promise<Row[]> {
  return (await runQuery(pool, statement)) as Row[];
}
