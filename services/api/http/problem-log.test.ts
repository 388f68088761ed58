import type { IncomingMessage } from 'node:http';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ApiError } from './errors.ts';
import { createProblemLog } from './problem-log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const request = { method: 'POST', url: '/predict?explain=true' } as IncomingMessage; // the fields that the log uses

function createLog() {
  const lines: Record<string, unknown>[] = [];
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(JSON.parse(line)) });
  return { lines, logProblem: createProblemLog(log) };
}

function toOutage(): ApiError {
  const cause = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  return new ApiError('database_unavailable', { detail: 'The database did not answer', cause });
}

describe('createProblemLog', () => {
  test('logs an outage once a second, with the number of failed requests', () => {
    const { lines, logProblem } = createLog();
    for (let n = 0; n < 1000; n++) logProblem(toOutage(), request);
    vi.advanceTimersByTime(1000);
    for (let n = 0; n < 500; n++) logProblem(toOutage(), request);
    vi.advanceTimersByTime(5000);
    expect(lines.map(({ count }) => count)).toEqual([undefined, 999, 500]);
    expect(lines[0]).toMatchObject({
      code: 'database_unavailable',
      method: 'POST',
      path: '/predict',
      cause: 'connect ECONNREFUSED',
    });
    expect(JSON.stringify(lines)).not.toContain('.ts:');
  });

  test('logs different kinds separately', () => {
    const { lines, logProblem } = createLog();
    for (const code of ['overloaded', 'stopping', 'overloaded'] as const)
      logProblem(new ApiError(code, { detail: 'x' }), request);
    expect(lines.map(({ code }) => code)).toEqual(['overloaded', 'stopping']);
  });

  test('logs the stack of an internal error, and no client errors', () => {
    const { lines, logProblem } = createLog();
    logProblem(new ApiError('internal_error', { detail: 'x', cause: new TypeError('oops') }), request);
    logProblem(new ApiError('not_found', { detail: 'x' }), request);
    expect(lines).toMatchObject([{ err: { message: 'oops', stack: expect.stringContaining('.ts:') } }]);
  });
});
