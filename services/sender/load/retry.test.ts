import { predictionSchema } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import { afterEach, describe, expect, test } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { type Script, startScriptedApi } from '../testing/scripted-api.ts';
import { createMeasures } from './measures.ts';
import { createPredictClient } from './predict-client.ts';
import { baseDelayMs, maxDelayMs, maxRetryAfterMs, parseRetryAfter, toDelayMs } from './retry.ts';
import { postJson } from './send-rows.ts';

const reading = {
  id: '019b76da-a800-7000-8000-000000000001',
  sensor_id: 'boiler',
  temperature: 24,
  humidity: 51,
  sound_volume: 60,
};
const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

async function setUp(script?: Script, onSleep: () => Promise<void> = async () => undefined) {
  const api = await startScriptedApi(script);
  const time = createFakeClock();
  const abort = new AbortController();
  const { signal } = abort;
  const { clock } = time;
  const connect = (timeoutMs: number) => {
    const client = createPredictClient({ apiUrl: api.url, timeoutMs, connections: 2, clock, abort: signal });
    closers.push(client.close);
    return client;
  };
  const client = connect(5000);
  closers.push(api.close);
  const reasons: string[] = [];
  const measures = createMeasures({ clock });
  closers.push(measures.close);
  const send = async (from = client) => {
    const { delivery } = await postJson(JSON.stringify(reading), predictionSchema, {
      client: from,
      format: 'json',
      measures,
      clock: {
        ...clock,
        sleep: async (ms, until) => {
          await clock.sleep(ms, until);
          await onSleep();
        },
      },
      random: () => 0.5,
      outages: { onRetry: (reason) => reasons.push(reason), onAnswer: () => undefined },
      onSettled: () => undefined,
      abort: signal,
    });
    return delivery;
  };
  return { api, connect, send, reasons, abort, ...time };
}

function answerFirst(count: number, answer: ReturnType<Script>): Script {
  let left = count;
  return () => (left-- > 0 ? answer : undefined);
}

describe('postJson', () => {
  test('retries with the same id after 503, after Retry-After', async () => {
    const { api, send, sleeps, reasons } = await setUp(
      answerFirst(2, {
        status: 503,
        headers: { 'Retry-After': '3' },
        body: { type: 'about:blank', title: 'Unavailable', status: 503, detail: 'Database unavailable.' },
      }),
    );
    expect(await send()).toMatchObject({ outcome: 'accepted', body: { id: reading.id }, isDuplicate: false });
    expect(sleeps).toEqual([3050, 3100]);
    expect(reasons).toEqual(Array(2).fill('answered 503 Database unavailable.'));
    expect(api.predictions()).toEqual([reading, reading, reading]);
  });

  test('accepts a date as Retry-After', async () => {
    const headers = { 'Retry-After': 'Thu, 01 Jan 2026 12:00:07 GMT' };
    const { send, sleeps } = await setUp(answerFirst(1, { status: 429, headers }));
    await send();
    expect(sleeps).toEqual([7050]);
  });

  test.each([408, 429, 500, 502, 503, 504])('retries after %i', async (status) => {
    const { send, sleeps } = await setUp(answerFirst(4, { status }));
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(sleeps).toEqual([50, 100, 200, 400]);
  });

  test('takes the fifth 500 as a rejection', async () => {
    const { api, send } = await setUp(() => ({ status: 500 }));
    expect(await send()).toEqual({ outcome: 'rejected', detail: 'answered 500', status: 500 });
    expect(api.requests).toHaveLength(5);
  });

  test('retries while nothing listens on the port', async () => {
    let attemptsWithout = 0;
    const { api, send, reasons } = await setUp(undefined, async () => {
      attemptsWithout += 1;
      if (attemptsWithout < 3) return;
      const revived = await startScriptedApi(undefined, api.port);
      closers.push(revived.close);
    });
    await api.close();
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(reasons).toHaveLength(3);
    expect(reasons[0]).toContain('ECONNREFUSED');
  });

  test('retries if the connection breaks before the answer', async () => {
    const { api, send } = await setUp(answerFirst(1, 'hang up'));
    expect(await send()).toMatchObject({ outcome: 'accepted' });
    expect(api.predictions()).toEqual([reading, reading]);
  });

  test('retries if there is no answer in time', async () => {
    const { connect, send, reasons } = await setUp(answerFirst(1, 'never'));
    expect(await send(connect(1000))).toMatchObject({ outcome: 'accepted' });
    expect(reasons[0]).toBe('no answer within 1000 ms');
  });

  test('does not retry a rejection, and names the fields', async () => {
    const { api, send } = await setUp(() => ({
      status: 400,
      body: {
        type: 'about:blank',
        title: 'Bad Request',
        status: 400,
        detail: 'The reading is not valid.',
        errors: [{ path: 'humidity', message: 'expected a number from 0 to 100 %' }],
      },
    }));
    expect(await send()).toEqual({
      outcome: 'rejected',
      detail: 'answered 400 The reading is not valid.; humidity: expected a number from 0 to 100 %',
      status: 400,
      paths: ['humidity'],
    });
    expect(api.requests).toHaveLength(1);
  });

  test('follows no redirect', async () => {
    const { send } = await setUp(() => ({ status: 302, headers: { Location: '/readyz' } }));
    expect(await send()).toEqual({ outcome: 'rejected', detail: 'answered 302', status: 302 });
  });

  test.each([{ hello: 'world' }, undefined])(
    'reports an answer of 200 that breaks the contract',
    async (body) => {
      const { send } = await setUp(() => ({ status: 200, body }));
      expect(await send()).toMatchObject({
        outcome: 'unreadable',
        detail: expect.stringMatching(/^answered 200 with /),
      });
    },
  );

  test('recognizes duplicates', async () => {
    const headers = { 'Idempotency-Replayed': 'true' };
    const body = {
      prediction: 1,
      score: 0.9,
      model: 'knn',
      ...reading,
      timestamp: '2026-01-01T00:00:00.000Z',
    };
    const { send } = await setUp(() => ({ status: 200, headers, body }));
    expect(await send()).toMatchObject({ outcome: 'accepted', isDuplicate: true });
  });

  test('ends unfinished if aborted between attempts or during one', async () => {
    const between = await setUp(
      () => ({ status: 503 }),
      async () => between.abort.abort(),
    );
    expect(await between.send()).toEqual({ outcome: 'unfinished' });
    const during = await setUp(() => {
      during.abort.abort();
      return 'never';
    });
    expect(await during.send()).toEqual({ outcome: 'unfinished' });
    expect(during.reasons).toEqual([]);
  });
});

const attemptCounts = fc.integer({ min: 1, max: 100_000 });
const fractions = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const now = Date.parse('2026-01-01T12:00:00.000Z');

describe('toDelayMs', () => {
  test('doubles the range of the jitter up to its bound', () => {
    const delays = [1, 2, 3, 6, 7, 50].map((attempts) =>
      toDelayMs({ attempts, retryAfterMs: undefined, random: () => 0.5 }),
    );
    expect(delays).toEqual([50, 100, 200, 1600, 2500, 2500]);
  });

  test('lies between zero and the bound, which no attempt number breaks', () => {
    fc.assert(
      fc.property(attemptCounts, fractions, (attempts, fraction) => {
        const delay = toDelayMs({ attempts, retryAfterMs: undefined, random: () => fraction });
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(maxDelayMs, baseDelayMs * 2 ** (attempts - 1)));
      }),
    );
  });

  test('waits at least as long as Retry-After says, up to a cap, and not much longer', () => {
    const retryAfter = fc.integer({ min: 0, max: 10 * maxRetryAfterMs });
    fc.assert(
      fc.property(attemptCounts, fractions, retryAfter, (attempts, fraction, retryAfterMs) => {
        const delay = toDelayMs({ attempts, retryAfterMs, random: () => fraction });
        const shortest = Math.min(retryAfterMs, maxRetryAfterMs);
        expect(delay).toBeGreaterThanOrEqual(shortest);
        expect(delay).toBeLessThanOrEqual(shortest + maxDelayMs);
      }),
    );
  });
});

describe('parseRetryAfter', () => {
  test.each([
    ['0', 0],
    ['7', 7000],
    ['Thu, 01 Jan 2026 12:00:30 GMT', 30_000],
    ['Thu, 01 Jan 2026 11:59:00 GMT', 0],
  ])('reads %s', (text, expected) => {
    expect(parseRetryAfter(text, now)).toBe(expected);
  });

  test.each([undefined, '', '-5', '1.5', 'soon'])('takes %s for missing', (text) => {
    expect(parseRetryAfter(text, now)).toBeUndefined();
  });
});
