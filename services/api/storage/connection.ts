import type { Connection as CallbackConnection } from 'mysql2';
import mysql, { type Connection, type Pool, type PoolConnection, type ResultSetHeader } from 'mysql2/promise';
import { isTransient, toStorageError } from './database-errors.ts';

/** SQL with a value for each placeholder. */
export interface Statement {
  sql: string;
  values?: readonly unknown[];
}

/** A statement that takes longer counts as "database unavailable". */
const statementTimeoutMs = 8000;
/** How long a statement waits for a free connection of the pool. */
const acquireTimeoutMs = 4000;

const maxAttempts = 5;

/** A transaction whose changes depend on rows that it reads. */
export interface Transaction {
  select: Select;
  /** Resolves with the number of changed rows. */
  change: (statement: Statement) => Promise<number>;
}

/**
 * Runs the work with a connection of the pool, which only this work uses.
 * @throws StorageError, and any other error of the server or the work
 */
export async function withConnection<T>(
  pool: Pool,
  work: (connection: PoolConnection) => Promise<T>,
): Promise<T> {
  try {
    const connection = await acquire(pool);
    try {
      const result = await work(connection);
      connection.release();
      return result;
    } catch (error) {
      // After a timeout, the late result would be taken for the result of the next statement.
      if (isBroken(error)) connection.destroy();
      else connection.release();
      throw error;
    }
  } catch (error) {
    throw toStorageError(error);
  }
}

/** Runs a SELECT. mysql2 does not check the row type; the mapper next to each query does the conversion. */
export async function selectRows<Row>(pool: Pool, statement: Statement): Promise<Row[]> {
  return withConnection(pool, (connection) => select<Row>(connection, statement));
}

/** Runs a SELECT within a transaction. */
export type Select = <Row>(statement: Statement) => Promise<Row[]>;

/**
 * Runs the work in a read-only transaction: all its SELECTs see the same state of the database. Not for a pool that is
 * writing, whose isolation level has no snapshots.
 */
export function inSnapshot<T>(pool: Pool, work: (select: Select) => Promise<T>): Promise<T> {
  return withConnection(pool, (connection) =>
    orRollBack(connection, async () => {
      await run(connection, { sql: 'START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY' });
      const result = await work((statement) => select(connection, statement));
      await run(connection, { sql: 'COMMIT' });
      return result;
    }),
  );
}

/** Runs the work with one connection. Each statement is a transaction of its own. */
export function inSession<T>(pool: Pool, work: (session: Transaction) => Promise<T>): Promise<T> {
  return withConnection(pool, (connection) => work(toTransaction(connection)));
}

/** Runs an INSERT, UPDATE or DELETE. */
export async function change(pool: Pool, statement: Statement): Promise<ResultSetHeader> {
  return withConnection(pool, (connection) => run<ResultSetHeader>(connection, statement));
}

/**
 * Resolves with the result of the work, after the commit. Any error rolls back. The work runs again after a deadlock or
 * lock timeout, so it must have no effects outside the database.
 * @throws StorageError, and any error of the work
 */
export function inTransaction<T>(pool: Pool, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const runOnce = (connection: PoolConnection) =>
    orRollBack(connection, async () => {
      await run(connection, { sql: 'START TRANSACTION' });
      const result = await work(toTransaction(connection));
      await run(connection, { sql: 'COMMIT' });
      return result;
    });
  return retryTransient(() => withConnection(pool, runOnce));
}

/**
 * Runs the statements as one transaction, in one round trip. The pool must allow multiple statements per query.
 * Resolves after the commit, with a result per statement. If the connection is lost, the outcome is unknown.
 * @throws StorageError, and any other error of the server
 */
export function runTransaction(pool: Pool, statements: readonly Statement[]): Promise<ResultSetHeader[]> {
  const sql = ['START TRANSACTION', ...statements.map(toText), 'COMMIT'].join(';\n');
  return withConnection(pool, (connection) =>
    orRollBack(connection, async () => {
      const [, ...results] = await run<ResultSetHeader[]>(connection, { sql });
      return results.slice(0, -1);
    }),
  );
}

/** Runs the work again after a deadlock or lock timeout, up to `attempts` times. */
export async function retryTransient<T>(work: () => Promise<T>, attempts = maxAttempts): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || attempt >= attempts) throw error;
    }
  }
}

/** For repairs: runs one transaction, rolls it back on an error, and retries deadlocks without a limit. */
export function retryTransaction(connection: Connection, work: () => Promise<void>): Promise<void> {
  return retryTransient(async () => {
    try {
      await work();
    } catch (error) {
      await connection.query('ROLLBACK');
      throw error;
    }
  }, Number.POSITIVE_INFINITY);
}

/** Gets a connection within `acquireTimeoutMs`; the pool itself has no timeout. A late connection is released. */
async function acquire(pool: Pool): Promise<PoolConnection> {
  const waiting = pool.getConnection();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const message = `no database connection became free within ${acquireTimeoutMs} ms`;
      reject(Object.assign(new Error(message), { code: 'ETIMEDOUT' }));
      waiting.then((connection) => connection.release()).catch(() => undefined);
    }, acquireTimeoutMs);
  });
  return Promise.race([waiting, limit]).finally(() => clearTimeout(timer));
}

/** Whether the connection must be closed instead of reused. */
function isBroken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isFatal = 'fatal' in error && error.fatal === true;
  return isFatal || ('code' in error && error.code === 'PROTOCOL_SEQUENCE_TIMEOUT');
}

function toTransaction(connection: PoolConnection): Transaction {
  return {
    select: (statement) => select(connection, statement),
    change: async (statement) => (await run<ResultSetHeader>(connection, statement)).affectedRows,
  };
}

function select<Row>(connection: PoolConnection, statement: Statement): Promise<Row[]> {
  return run<Row[]>(connection, statement);
}

/**
 * Bypasses mysql2's promises, which capture a stack for every statement: a tenth of the processor time of a commit.
 * The promise connection wraps one with callbacks as `connection`. The cast corrects mysql2's declaration, which gives
 * the wrapped one the type of the wrapper.
 */
function run<Result>({ connection }: PoolConnection, { sql, values = [] }: Statement): Promise<Result> {
  const inside = connection as unknown as CallbackConnection;
  return new Promise((resolve, reject) => {
    inside.query({ sql, values: [...values], timeout: statementTimeoutMs }, (error, result) => {
      if (error) reject(error);
      else resolve(result as Result); // its type depends on the kind of statement
    });
  });
}

async function orRollBack<T>(connection: PoolConnection, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // Closing a connection also rolls back.
    if (!isBroken(error)) await run(connection, { sql: 'ROLLBACK' }).catch(() => connection.destroy());
    throw error;
  }
}

type SqlValues = Parameters<typeof mysql.format>[1];

function toText({ sql, values }: Statement): string {
  // The type of `format` does not include the arrays of rows that it accepts.
  return values === undefined ? sql : mysql.format(sql, [...values] as SqlValues);
}
