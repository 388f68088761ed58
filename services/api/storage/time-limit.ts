import type { Pool } from 'mysql2/promise';
import { type Select, type Statement, selectRows } from './connection.ts';
import { isTimeLimit, StorageError } from './database-errors.ts';

/** Whether a query of `selectWithin` exceeded its time limit. */
export function isTooSlow(error: unknown): boolean {
  return error instanceof StorageError && error.code === 'question_too_slow';
}

/**
 * Runs a SELECT that the server aborts after `limitMs`. `sql` starts after the word SELECT.
 * @throws StorageError `question_too_slow`
 */
export function selectWithin<Row>(pool: Pool, statement: Statement, limitMs: number): Promise<Row[]> {
  return limitSelect((limited) => selectRows(pool, limited), limitMs)<Row>(statement);
}

/**
 * The same within a transaction. MySQL takes the limit from an optimizer hint, MariaDB from a prefix that is a comment to
 * MySQL.
 */
export function limitSelect(select: Select, limitMs: number): Select {
  return async <Row>({ sql, values = [] }: Statement) => {
    const limited = `/*M!100100 SET STATEMENT max_statement_time = ${limitMs / 1000} FOR */
    SELECT /*+ MAX_EXECUTION_TIME(${limitMs}) */ ${sql}`;
    try {
      return await select<Row>({ sql: limited, values });
    } catch (error) {
      throw isTimeLimit(error) ? toQuestionTooSlow(limitMs, error) : error;
    }
  };
}

/** A query that reached its time limit. */
export function toQuestionTooSlow(limitMs: number, cause?: unknown): StorageError {
  const detail = `The query had to read too many readings and was stopped after ${limitMs} ms. Narrow the time window with from and to, filter by sensor_id, or filter by a range of the value that you sort by.`;
  return new StorageError('question_too_slow', detail, cause);
}
