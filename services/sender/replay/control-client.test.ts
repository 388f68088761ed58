import { healthSchema } from '@sensor-sentinel/contracts';
import { afterEach, describe, expect, onTestFinished, test } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { type Script, startScriptedApi } from '../testing/scripted-api.ts';
import { createControlClient, waitUntilReady } from './control-client.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function setUp(script?: Script, options: { path?: string; timeoutMs?: number } = {}) {
  const { path = '', timeoutMs = 5000 } = options;
  const api = await startScriptedApi(script);
  closers.push(api.close);
  const { clock, sleeps } = createFakeClock();
  const events: string[] = [];
  const control = createControlClient({
    apiUrl: api.url + path,
    timeoutMs,
    clock,
    random: () => 0,
    outages: { onRetry: (reason) => events.push(reason), onAnswer: () => events.push('answer') },
  });
  const { signal } = new AbortController();
  return { api, control, events, sleeps, signal };
}

describe('createControlClient', () => {
  test('sends and receives JSON, and takes every status as an answer', async () => {
    const { api, control, signal } = await setUp(() => ({ status: 409, body: { a: 'ä' } }));
    const toData = () => ({ b: ['ü'] });
    expect(await control.request({ method: 'post', url: '/feedback', toData, signal })).toMatchObject({
      status: 409,
      body: { a: 'ä' },
    });
    expect(api.requests).toEqual([{ method: 'POST', url: '/feedback', body: { b: ['ü'] } }]);
  });

  test('keeps the path of the URL, and follows no redirect', async () => {
    const headers = { Location: '/readyz' };
    const { api, control, signal } = await setUp(() => ({ status: 302, headers }), { path: '/api' });
    expect(await control.request({ method: 'get', url: '/stats', signal })).toMatchObject({ status: 302 });
    expect(api.requests.map(({ url }) => url)).toEqual(['/api/stats']);
  });

  test('retries with the latest data, after Retry-After', async () => {
    const { api, control, events, sleeps, signal } = await setUp(({ body }) =>
      Reflect.get(Object(body), 'attempt') === 2
        ? { status: 200, body: { status: 'ok' } }
        : { status: 503, headers: { 'Retry-After': '3' } },
    );
    let attempts = 0;
    const toData = () => {
      attempts += 1;
      return { attempt: attempts };
    };
    const delivery = await control.send({ method: 'post', url: '/', toData, schema: healthSchema, signal });
    expect(delivery).toMatchObject({ outcome: 'accepted' });
    expect(sleeps).toEqual([3000]);
    expect(events).toEqual(['answered 503', 'answer']);
    expect(api.requests).toHaveLength(2);
  });

  test('reports why there is no answer', async () => {
    const { control, signal } = await setUp(() => 'never', { timeoutMs: 20 });
    expect(await control.request({ method: 'get', url: '/', signal })).toEqual({
      unreachable: 'no answer within 20 ms',
    });
    const closed = await setUp();
    await closed.api.close();
    expect(await closed.control.request({ method: 'get', url: '/', signal })).toMatchObject({
      unreachable: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('ends unfinished when aborted', async () => {
    const abort = new AbortController();
    const { control, events } = await setUp(() => {
      abort.abort();
      return 'never';
    });
    const { signal } = abort;
    expect(await control.send({ method: 'get', url: '/', schema: healthSchema, signal })).toEqual({
      outcome: 'unfinished',
    });
    expect(events).toEqual([]);
  });
});

async function wait({ script, timeoutMs = 0 }: { script: Script; timeoutMs?: number }) {
  const api = await startScriptedApi(script);
  onTestFinished(api.close);
  const { clock } = createFakeClock();
  const ignore = () => undefined;
  const control = createControlClient({
    apiUrl: api.url,
    timeoutMs: 5000,
    clock,
    random: () => 0,
    outages: { onRetry: ignore, onAnswer: ignore },
  });
  const lines: string[] = [];
  const { signal: stop } = new AbortController();
  const log = (line: string) => lines.push(line);
  const outcome = await waitUntilReady({ control, clock, log, timeoutMs, stop });
  return { outcome, lines, requests: api.requests.length };
}

describe('waitUntilReady', () => {
  test('waits until the API is ready, and logs every 10 s', async () => {
    let requests = 0;
    const script: Script = () => {
      requests += 1;
      return requests < 42 ? { status: 503 } : undefined;
    };
    expect(await wait({ script })).toMatchObject({
      outcome: 'ready',
      lines: [...Array(3).fill('waiting for the API: GET /readyz answered 503'), 'the API is ready'],
    });
  });

  test('gives up after the timeout', async () => {
    const script: Script = () => ({ status: 200, body: 'another service' });
    const { outcome, lines, requests } = await wait({ script, timeoutMs: 2000 });
    expect([outcome, requests]).toEqual(['late', 5]);
    expect(lines.at(-1)).toBe(
      'gave up waiting for the API after 2000 ms: GET /readyz answered 200, but not as this API does',
    );
  });
});
