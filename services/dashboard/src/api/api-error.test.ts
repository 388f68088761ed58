import { AxiosError, AxiosHeaders, type AxiosResponse } from 'axios';
import { describe, expect, test } from 'vitest';
import { toApiError } from './api-error.ts';

function answered(status: number, body: unknown): AxiosError {
  const config = { headers: new AxiosHeaders() };
  const response: AxiosResponse = { status, statusText: '', data: body, headers: {}, config };
  return new AxiosError('Request failed', undefined, config, undefined, response);
}

describe('toApiError', () => {
  test('takes the message from the problem document', () => {
    const problem = {
      type: 'urn:sensor-sentinel:problem:database_unavailable',
      title: 'Unavailable',
      status: 503,
      detail: 'The database is unavailable.',
    };
    expect(toApiError(answered(503, problem))).toMatchObject({
      message: 'The database is unavailable.',
      isAnswer: true,
      isDatabaseDown: true,
    });
  });

  test('names the invalid fields', () => {
    const problem = {
      type: 'about:blank',
      title: 'Bad request',
      status: 400,
      detail: 'The query has errors.',
      errors: [{ path: 'from', message: 'expected a time before `to`' }],
    };
    expect(toApiError(answered(400, problem)).message).toBe(
      'The query has errors. · from: expected a time before `to`',
    );
  });

  test('recognizes an error page of a proxy', () => {
    expect(toApiError(answered(502, '<html>Bad Gateway</html>'))).toMatchObject({
      message: 'The API cannot be reached (502 from the proxy).',
      isAnswer: false,
    });
  });

  test('distinguishes a timeout from a network error', () => {
    expect(toApiError(new AxiosError('timeout', 'ECONNABORTED')).message).toContain('timed out');
    expect(toApiError(new AxiosError('Network Error', 'ERR_NETWORK')).message).toContain('cannot be reached');
  });
});
