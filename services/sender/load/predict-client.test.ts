import { afterEach, describe, expect, test } from 'vitest';
import { systemClock as clock } from '../clock.ts';
import { type Script, startScriptedApi } from '../testing/scripted-api.ts';
import { createPredictClient } from './predict-client.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function setUp(script?: Script, options: { path?: string; timeoutMs?: number } = {}) {
  const { path = '', timeoutMs = 5000 } = options;
  const api = await startScriptedApi(script);
  const abort = new AbortController();
  const apiUrl = api.url + path;
  const client = createPredictClient({ apiUrl, timeoutMs, connections: 2, clock, abort: abort.signal });
  closers.push(client.close, api.close);
  return { api, client, abort };
}

describe('createPredictClient', () => {
  test('posts JSON and parses the answer', async () => {
    const { api, client } = await setUp(() => ({ status: 201, body: { a: 'ä' } }));
    expect(await client.post('{"b":["ü"]}')).toEqual({
      status: 201,
      body: { a: 'ä' },
      isDuplicate: false,
      retryAfterMs: undefined,
      times: { sentAtMs: expect.any(Number), answeredAtMs: expect.any(Number) },
    });
    expect(api.requests).toEqual([{ method: 'POST', url: '/predict', body: { b: ['ü'] } }]);
  });

  test('keeps the path of the URL', async () => {
    const { api, client } = await setUp(undefined, { path: '/api' });
    expect(await client.post('[1]')).toMatchObject({ status: 404 });
    expect(api.requests[0]).toMatchObject({ method: 'POST', url: '/api/predict' });
  });

  test('recognizes duplicates and Retry-After', async () => {
    const headers = { 'Retry-After': '2', 'Idempotency-Replayed': 'true' };
    const { client } = await setUp(() => ({ status: 503, headers }));
    expect(await client.post('{}')).toMatchObject({ isDuplicate: true, retryAfterMs: 2000, body: '' });
  });

  test('reports why there is no answer', async () => {
    const { client } = await setUp(() => 'never', { timeoutMs: 20 });
    expect(await client.post('{}')).toEqual({ unreachable: 'no answer within 20 ms' });
    const hungUp = await setUp(() => 'hang up');
    expect(await hungUp.client.post('{}')).toEqual({
      unreachable: 'the connection was closed before the answer',
    });
    await hungUp.api.close();
    const reply = await hungUp.client.post('{}');
    expect(reply).toMatchObject({ unreachable: expect.stringContaining('ECONNREFUSED') });
  });

  test('refuses an answer that is too long', async () => {
    const { client } = await setUp(() => ({ status: 200, body: 'a'.repeat(17 * 1024 * 1024) }));
    expect(await client.post('{}')).toEqual({ unreachable: 'the answer is longer than 16777216 bytes' });
  });

  test('cuts off requests in flight when aborted, and sends no more', async () => {
    const { api, client, abort } = await setUp(() => {
      if (api.requests.length === 2) abort.abort();
      return 'never';
    });
    const replies = await Promise.all([client.post('1'), client.post('2')]);
    expect(replies).toEqual(Array(2).fill({ unreachable: expect.any(String) }));
    expect(await client.post('3')).toEqual({ unreachable: expect.any(String) });
    expect(api.requests).toHaveLength(2);
  });
});
