import { afterEach, describe, expect, test } from 'vitest';
import { systemClock as clock } from '../clock.ts';
import { type Script, startScriptedApi } from '../scripted-api.ts';
import { createApiClient } from './api-client.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function setUp(script?: Script, options: { path?: string; timeoutMs?: number } = {}) {
  const { path = '', timeoutMs = 5000 } = options;
  const api = await startScriptedApi(script);
  const client = createApiClient({ apiUrl: api.url + path, timeoutMs, concurrency: 2, clock });
  closers.push(client.close, api.close);
  const abort = new AbortController();
  return { api, client, abort, signal: abort.signal };
}

describe('createApiClient', () => {
  test('sends JSON and reads the answer', async () => {
    const { api, client, signal } = await setUp(() => ({ status: 201, body: { a: 'ä' } }));
    expect(await client.post('/predict', { data: { b: ['ü'] }, signal })).toEqual({
      status: 201,
      body: { a: 'ä' },
      replayed: false,
      retryAfterMs: undefined,
      times: { sentAtMs: expect.any(Number), answeredAtMs: expect.any(Number) },
    });
    expect(api.requests).toEqual([{ method: 'POST', url: '/predict', body: { b: ['ü'] } }]);
  });

  test('keeps the path of the URL, and the query', async () => {
    const { api, client, signal } = await setUp(undefined, { path: '/api' });
    expect(await client.get('/stats?from=1', signal)).toMatchObject({ status: 404 });
    expect(api.requests[0]).toMatchObject({ method: 'GET', url: '/api/stats?from=1' });
  });

  test('sends text as it is', async () => {
    const { api, client, signal } = await setUp(() => ({ status: 400 }));
    expect(await client.post('/predict', { text: '[1]', signal })).toMatchObject({ status: 400 });
    expect(api.requests.map(({ body }) => body)).toEqual([[1]]);
  });

  test('says when the answer is a repeated one, and after how long to come again', async () => {
    const headers = { 'Retry-After': '2', 'Idempotency-Replayed': 'true' };
    const { client, signal } = await setUp(() => ({ status: 503, headers }));
    expect(await client.get('/', signal)).toMatchObject({ replayed: true, retryAfterMs: 2000, body: '' });
  });

  test('names the fault where there is no answer', async () => {
    const { client, signal } = await setUp(() => 'never', { timeoutMs: 20 });
    expect(await client.get('/', signal)).toEqual({ unreachable: 'timeout of 20ms exceeded' });
    const hungUp = await setUp(() => 'hang up');
    expect(await hungUp.client.get('/', signal)).toEqual({
      unreachable: 'the connection was closed before the answer',
    });
    await hungUp.api.close();
    const reply = await hungUp.client.get('/', signal);
    expect(reply).toMatchObject({ unreachable: expect.stringContaining('ECONNREFUSED') });
  });

  test('refuses an answer that is too long', async () => {
    const { client, signal } = await setUp(() => ({ status: 200, body: 'a'.repeat(17 * 1024 * 1024) }));
    expect(await client.get('/', signal)).toEqual({
      unreachable: 'the answer is longer than 16777216 bytes',
    });
  });

  test('cuts off all that is in flight, and sends nothing after', async () => {
    const { api, client, abort, signal } = await setUp(() => {
      if (api.requests.length === 2) abort.abort();
      return 'never';
    });
    const replies = await Promise.all([client.get('/a', signal), client.get('/b', signal)]);
    expect(replies).toEqual(Array(2).fill({ unreachable: 'canceled' }));
    expect(await client.get('/c', signal)).toEqual({ unreachable: 'canceled' });
    expect(api.requests).toHaveLength(2);
  });
});
