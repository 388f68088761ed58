import mysql, { type Connection, type Pool, type PoolConnection, type ResultSetHeader } from 'mysql2/promise';
import { isTransient, toStorageError } from './database-errors.ts';

export interface Statement {
  sql: string;
  values?: readonly unknown[];
}

/** How long a statement may take before the database counts as unavailable. */
const statementTimeoutMs = 8000;
/** How long a statement waits for a free connection. */
const acquireTimeoutMs = 4000;

const maxAttempts = 5;

/** A transaction that decides by what it reads. */
export interface Transaction {
  select: <Row>(statement: Statement) => Promise<Row[]>;
  /** How many rows it changed. */
  change: (statement: Statement) => Promise<number>;
}

/**
 * Runs the work on a connection of its own.
 * @throws StorageError, or what the server or the work says
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
      // A statement that ran out of time may still be answered, which would be taken for the answer to the next one.
      if (isBroken(error)) connection.destroy();
      else connection.release();
      throw error;
    }
  } catch (error) {
    throw toStorageError(error);
  }
}

/** The rows of a SELECT. mysql2 does not know their type: the mapper beside each query adapts them. */
export async function selectRows<Row>(pool: Pool, statement: Statement): Promise<Row[]> {
  return withConnection(pool, (connection) => select<Row>(connection, statement));
}

export async function change(pool: Pool, statement: Statement): Promise<ResultSetHeader> {
  return withConnection(pool, (connection) => run<ResultSetHeader>(connection, statement));
}

/**
 * Resolves with what the work returns, after the commit; whatever it throws rolls back. The work runs again where the
 * server rolled it back for the sake of another, so it must do nothing but change the database.
 * @throws StorageError, or what the work throws
 */
export function inTransaction<T>(pool: Pool, work: (transaction: Transaction) => Promise<T>): Promise<T> {
  const runOnce = (connection: PoolConnection) =>
    orRollBack(connection, async () => {
      await run(connection, { sql: 'START TRANSACTION' });
      const result = await work({
        select: (statement) => select(connection, statement),
        change: async (statement) => (await run<ResultSetHeader>(connection, statement)).affectedRows,
      });
      await run(connection, { sql: 'COMMIT' });
      return result;
    });
  return retryTransient(() => withConnection(pool, runOnce));
}

/**
 * Runs the statements as one transaction, in one round trip; the pool must allow several statements in one text.
 * Resolves after the commit. Where the connection is lost, nobody knows the outcome.
 * @throws StorageError, or what the server says
 */
export function runTransaction(pool: Pool, statements: readonly Statement[]): Promise<void> {
  const sql = ['START TRANSACTION', ...statements.map(toText), 'COMMIT'].join(';\n');
  return withConnection(pool, (connection) =>
    orRollBack(connection, async () => {
      await run(connection, { sql });
    }),
  );
}

/** Runs the work again while the server rolls it back for the sake of other transactions. */
export async function retryTransient<T>(work: () => Promise<T>, attempts = maxAttempts): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || attempt >= attempts) throw error;
    }
  }
}

/** For repairs: the work is a transaction of its own, and nothing but a fault that stays ends it. */
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

/** The pool itself would wait without end; a connection that comes too late goes back. */
async function acquire(pool: Pool): Promise<PoolConnection> {
  const waiting = pool.getConnection();
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => {
      const message = `no connection to the database was free for ${acquireTimeoutMs} ms`;
      reject(Object.assign(new Error(message), { code: 'ETIMEDOUT' }));
      waiting.then((connection) => connection.release()).catch(() => undefined);
    }, acquireTimeoutMs);
  });
  return Promise.race([waiting, limit]).finally(() => clearTimeout(timer));
}

/** Whether the connection cannot be used again. */
function isBroken(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const isFatal = 'fatal' in error && error.fatal === true;
  return isFatal || ('code' in error && error.code === 'PROTOCOL_SEQUENCE_TIMEOUT');
}

function select<Row>(connection: Connection, statement: Statement): Promise<Row[]> {
  return run<Row[]>(connection, statement);
}

async function run<Result>(connection: Connection, { sql, values = [] }: Statement): Promise<Result> {
  const [result] = await connection.query({ sql, values: [...values], timeout: statementTimeoutMs });
  return result as Result; // what mysql2 answers to the kind of statement
}

async function orRollBack<T>(connection: PoolConnection, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    // A connection that cannot roll back is closed, which does the same.
    if (!isBroken(error)) await run(connection, { sql: 'ROLLBACK' }).catch(() => connection.destroy());
    throw error;
  }
}

type SqlValues = Parameters<typeof mysql.format>[1];

function toText({ sql, values }: Statement): string {
  // Its type leaves out the arrays of rows that it takes.
  return values === undefined ? sql : mysql.format(sql, [...values] as SqlValues);
}
