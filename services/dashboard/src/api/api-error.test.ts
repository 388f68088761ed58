import { AxiosError, AxiosHeaders, type AxiosResponse } from 'axios';
import { describe, expect, test } from 'vitest';
import { toApiError } from './api-error.ts';

function answered(status: number, body: unknown): AxiosError {
  const config = { headers: new AxiosHeaders() };
  const response: AxiosResponse = { status, statusText: '', data: body, headers: {}, config };
  return new AxiosError('Request failed', undefined, config, undefined, response);
}

describe('toApiError', () => {
  test('takes the words of the problem', () => {
    const problem = {
      type: 'about:blank',
      title: 'Unavailable',
      status: 503,
      detail: 'The database is away.',
    };
    expect(toApiError(answered(503, problem))).toMatchObject({
      message: 'The database is away.',
      isAnswer: true,
    });
  });

  test('names the fields of the problem', () => {
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

  test("knows a proxy's own page from an answer", () => {
    expect(toApiError(answered(502, '<html>Bad Gateway</html>'))).toMatchObject({
      message: 'The API cannot be reached (502 from the proxy).',
      isAnswer: false,
    });
  });

  test('tells a time-out from no network', () => {
    expect(toApiError(new AxiosError('timeout', 'ECONNABORTED')).message).toContain('too long');
    expect(toApiError(new AxiosError('Network Error', 'ERR_NETWORK')).message).toContain('cannot be reached');
  });
});
