import type { PoolConnection, ResultSetHeader } from 'mysql2';
import { acquireConnection } from './acquire-connection.ts';
import { toStorageError } from './database-errors.ts';
import { type CallbackPool, statementTimeoutMs } from './pool.ts';
import { retryTransient } from './retry-transient.ts';
import type { Statement } from './run-query.ts';

/** A transaction that decides by what it reads. */
export interface Transaction {
  /** mysql2 cannot know the rows' type: each mapper beside its query adapts them. */
  select: <Row>(statement: Statement) => Promise<Row[]>;
  /** How many rows it changed. */
  change: (statement: Statement) => Promise<number>;
}

interface Failure {
  isBroken: boolean;
}

function acquire(pool: CallbackPool): Promise<PoolConnection> {
  return new Promise((resolve, reject) => {
    acquireConnection(pool, (away, connection) => {
      if (connection) resolve(connection);
      else reject(toStorageError(away));
    });
  });
}

function createRun(connection: PoolConnection, failure: Failure) {
  return ({ sql, values = [] }: Statement): Promise<unknown> =>
    new Promise((resolve, reject) => {
      connection.query({ sql, values: [...values], timeout: statementTimeoutMs }, (error, result) => {
        if (!error) return resolve(result);
        failure.isBroken ||= Boolean(error.fatal) || error.code === 'PROTOCOL_SEQUENCE_TIMEOUT';
        reject(toStorageError(error));
      });
    });
}

async function runOnce<T>(pool: CallbackPool, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const connection = await acquire(pool);
  const failure: Failure = { isBroken: false };
  const run = createRun(connection, failure);
  try {
    await run({ sql: 'START TRANSACTION' });
    const result = await work({
      select: async <Row>(statement: Statement) => (await run(statement)) as Row[], // what mysql2 answers to a SELECT
      change: async (statement) => ((await run(statement)) as ResultSetHeader).affectedRows, // and to a change
    });
    await run({ sql: 'COMMIT' });
    return result;
  } catch (error) {
    if (failure.isBroken) throw error;
    await run({ sql: 'ROLLBACK' }).catch(() => {
      failure.isBroken = true;
    });
    throw error;
  } finally {
    if (failure.isBroken) connection.destroy();
    else connection.release();
  }
}

/**
 * Resolves with what the work returns, after the commit; whatever it throws rolls back. The work runs again where the
 * server rolled it back for the sake of another, so it must do nothing but change the database.
 * @throws ApiError `database_unavailable`, or what the work throws
 */
export function inTransaction<T>(
  pool: CallbackPool,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> {
  return retryTransient(() => runOnce(pool, work));
}
