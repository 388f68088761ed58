import { ApiError } from '../http/errors.ts';
import type { CallbackPool } from './pool.ts';
import { type Statement, selectRows } from './run-query.ts';

/** Of MariaDB and of MySQL: the statement took longer than it may. */
const timeLimitErrors: ReadonlySet<unknown> = new Set([1969, 3024]);

function isTimeLimit(error: unknown): boolean {
  return error instanceof Error && 'errno' in error && timeLimitErrors.has(error.errno);
}

export function isTooSlow(error: unknown): boolean {
  return error instanceof ApiError && error.code === 'question_too_slow';
}

/**
 * The rows of a SELECT that the server itself ends when its time is up: MySQL by the hint, MariaDB by what is a
 * comment to MySQL. `sql` begins after the word SELECT.
 * @throws ApiError `question_too_slow`
 */
export async function selectWithin<Row>(
  pool: CallbackPool,
  { sql, values = [] }: Statement,
  limitMs: number,
): Promise<Row[]> {
  const limited = `/*M!100100 SET STATEMENT max_statement_time = ${limitMs / 1000} FOR */
    SELECT /*+ MAX_EXECUTION_TIME(${limitMs}) */ ${sql}`;
  try {
    return await selectRows<Row>(pool, { sql: limited, values });
  } catch (error) {
    if (!isTimeLimit(error)) throw error;
    const detail = `The database would have to look at too many readings: it was stopped after ${limitMs} ms. Narrow the window with from and to, name a sensor, or sort by what is filtered.`;
    throw new ApiError('question_too_slow', { detail, headers: { 'Retry-After': '5' }, cause: error });
  }
}
