import mysql, { type PoolConnection, type QueryOptions } from 'mysql2';
import { acquireConnection } from './acquire-connection.ts';
import { toStorageError } from './database-errors.ts';
import { type CallbackPool, statementTimeoutMs } from './pool.ts';
import type { Statement } from './run-query.ts';

function toText({ sql, values }: Statement): string {
  if (values === undefined) return sql;
  const parameters: QueryOptions['values'] = [...values];
  return mysql.format(sql, parameters);
}

/** Takes back what a failed transaction left behind; a connection that cannot is destroyed, which does the same. */
function rollBack(connection: PoolConnection, done: () => void): void {
  connection.query({ sql: 'ROLLBACK', timeout: statementTimeoutMs }, (error) => {
    if (error) connection.destroy();
    else connection.release();
    done();
  });
}

/**
 * Runs the statements as one transaction, in one round trip; the pool must allow several statements in one text.
 * Resolves after the commit. A fault rolls back, but where the connection was lost nobody knows the outcome.
 * @throws ApiError `database_unavailable`, or what the server says
 */
export function runTransaction(pool: CallbackPool, statements: readonly Statement[]): Promise<void> {
  const sql = ['START TRANSACTION', ...statements.map(toText), 'COMMIT'].join(';\n');
  return new Promise((resolve, reject) => {
    acquireConnection(pool, (away, connection) => {
      if (!connection) return reject(toStorageError(away));
      connection.query({ sql, timeout: statementTimeoutMs }, (error) => {
        if (!error) {
          connection.release();
          resolve();
          return;
        }
        const fail = () => reject(toStorageError(error));
        if (error.fatal || error.code === 'PROTOCOL_SEQUENCE_TIMEOUT') {
          connection.destroy();
          fail();
        } else rollBack(connection, fail);
      });
    });
  });
}
