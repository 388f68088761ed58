import type { ReadingEvent } from '@sensor-sentinel/contracts';
import { QueryClient, QueryObserver } from '@tanstack/react-query';
import { afterEach, describe, expect, test } from 'vitest';
import { toRefreshPolicy } from '../../api/refresh-policy.ts';
import { createLiveUpdates } from './live-updates.ts';

const reading: ReadingEvent = {
  ...{ id: '0b9a2a52-6c1c-4d0e-9a5a-2a54f3e0a001', type: 'climate', sensor_id: 'attic', model: 'm' },
  ...{ timestamp: '2026-11-22T10:00:00.000Z', received_at: '2026-11-22T10:00:00.000Z' },
  ...{ temperature: 24, humidity: 51, sound_volume: 60, prediction: 0, score: 0.1 },
};
const readings = { name: 'readings', data: JSON.stringify([reading]) } as const;

const stops: (() => void)[] = [];
afterEach(() => {
  for (const stop of stops.splice(0)) stop();
});

/** Live updates at a time that the test sets, with an open stream and nothing to ask. */
async function start() {
  const queries = new QueryClient({ defaultOptions: { queries: { retry: false } } });
  const clock = { nowMs: Date.now() + 60_000 };
  const updates = createLiveUpdates(queries, () => clock.nowMs);
  stops.push(updates.stop, () => queries.clear());
  const tick = (isVisible = true) => updates.tick({ nowMs: clock.nowMs, isVisible });
  updates.receive({ name: 'open' });
  tick();
  return { queries, clock, updates, tick };
}

/** A query that counts its requests, and is answered with what `answer` gives. */
async function observe<Answer>(
  queries: QueryClient,
  route: string,
  { answer, ...options }: { answer: () => Answer | Promise<Answer> } & ReturnType<typeof toRefreshPolicy>,
) {
  const asked = { count: 0 };
  const { staleTime, meta } = options;
  const queryFn = () => {
    asked.count += 1;
    return answer();
  };
  const observer = new QueryObserver(queries, { queryKey: [route], queryFn, staleTime, meta });
  stops.push(observer.subscribe(() => undefined));
  await settle(queries);
  return asked;
}

/** Resolves when no request is in flight. */
async function settle(queries: QueryClient): Promise<void> {
  do await Promise.resolve();
  while (queries.isFetching() > 0);
}

const live = { ...toRefreshPolicy(true), answer: () => 'answer' };

describe('createLiveUpdates', () => {
  test('asks at once when something arrives, then at most every 5 s', async () => {
    const { queries, clock, updates, tick } = await start();
    const asked = await observe(queries, 'stats', live);
    clock.nowMs += 5000;
    for (let second = 0; second < 20; second += 1) {
      updates.receive(readings);
      tick();
      await settle(queries);
      clock.nowMs += 1000;
    }
    expect(asked.count).toBe(1 + 4);
  });

  test('asks nothing while nothing arrives, or in the background, and catches up when visible', async () => {
    const { queries, clock, updates, tick } = await start();
    const asked = await observe(queries, 'stats', live);
    clock.nowMs += 5000;
    tick();
    updates.receive(readings);
    tick(false);
    await settle(queries);
    expect(asked.count).toBe(1);
    tick();
    await settle(queries);
    expect(asked.count).toBe(2);
  });

  test('asks every 5 s without a stream', async () => {
    const { queries, clock, updates, tick } = await start();
    const asked = await observe(queries, 'stats', live);
    updates.receive({ name: 'down' });
    for (let round = 0; round < 3; round += 1) {
      clock.nowMs += 5000;
      tick();
      await settle(queries);
    }
    expect(asked.count).toBe(1 + 3);
  });

  test('asks slow queries at their own interval, unless something was lost', async () => {
    const { queries, clock, updates, tick } = await start();
    const slow = await observe(queries, 'slow', { ...live, ...toRefreshPolicy(true, { everyMs: 600_000 }) });
    const fixed = await observe(queries, 'fixed', { ...live, ...toRefreshPolicy(false) });
    clock.nowMs += 5000;
    updates.receive(readings);
    tick();
    await settle(queries);
    expect(slow.count).toBe(1);
    clock.nowMs += 5000;
    updates.receive({ name: 'refetch', data: '{}' });
    tick();
    await settle(queries);
    expect(slow.count).toBe(2);
    expect(fixed.count).toBe(1);
  });

  test('asks seldom for what the stream announces, but as often as for others while there is no stream', async () => {
    const { queries, clock, updates, tick } = await start();
    const policy = toRefreshPolicy(true, { everyMs: 600_000, isAnnounced: true });
    const announced = await observe(queries, 'announced', { ...live, ...policy });
    for (const count of [1, 2]) {
      clock.nowMs += 5000;
      updates.receive(readings);
      tick();
      await settle(queries);
      expect(announced.count).toBe(count);
      updates.receive({ name: 'down' });
    }
  });

  test('adds what arrives to an answer, without asking, and asks if it cannot be added', async () => {
    const { queries, clock, updates, tick } = await start();
    let result: string | null = 'with reading';
    const policy = toRefreshPolicy(true, { everyMs: 600_000, apply: () => result });
    const asked = await observe(queries, 'alerts', { ...live, ...policy });
    clock.nowMs += 5000;
    updates.receive(readings);
    tick();
    expect(queries.getQueryData(['alerts'])).toBe('with reading');
    expect(asked.count).toBe(1);
    result = null;
    clock.nowMs += 5000;
    updates.receive(readings);
    tick();
    await settle(queries);
    expect(asked.count).toBe(2);
  });

  test('adds what arrived during a request to its answer', async () => {
    const { queries, clock, updates, tick } = await start();
    let respond = (_: string[]) => {};
    const policy = toRefreshPolicy(true, {
      apply: (answer, { readings }) => [
        ...(answer as string[]),
        ...readings.map(({ sensor_id }) => sensor_id),
      ],
    });
    const answer = () => new Promise<string[]>((resolve) => (respond = resolve));
    const asking = observe(queries, 'alerts', { ...policy, answer });
    await Promise.resolve();
    clock.nowMs += 100;
    updates.receive(readings);
    tick();
    respond(['old']);
    await asking;
    expect(queries.getQueryData(['alerts'])).toEqual(['old', 'attic']);
  });

  test('asks for incidents at once when they change, in the background only for what is wanted there', async () => {
    const { queries, updates, tick } = await start();
    const alerts = await observe(queries, 'alerts', {
      ...live,
      ...toRefreshPolicy(true, { inBackground: true }),
    });
    const list = await observe(queries, 'incidents', live);
    const stats = await observe(queries, 'stats', live);
    const receive = async (isVisible: boolean) => {
      updates.receive({ name: 'incidents', data: '{"type":"climate"}' });
      tick(isVisible);
      await settle(queries);
    };
    await receive(true);
    expect([alerts.count, list.count, stats.count]).toEqual([2, 2, 1]);
    await receive(false);
    expect([alerts.count, list.count, stats.count]).toEqual([3, 2, 1]);
  });

  test('asks for the fleet when incidents change, but not at once', async () => {
    const { queries, clock, updates, tick } = await start();
    const fleet = await observe(queries, 'fleet', {
      ...live,
      ...toRefreshPolicy(true, { everyMs: 600_000 }),
    });
    clock.nowMs += 5000;
    updates.receive(readings);
    tick();
    await settle(queries);
    updates.receive({ name: 'incidents', data: '{"type":"climate"}' });
    tick();
    await settle(queries);
    expect(fleet.count).toBe(1);
    clock.nowMs += 5000;
    tick();
    await settle(queries);
    expect(fleet.count).toBe(2);
  });

  test('asks again after a request that was sent before incidents changed', async () => {
    const { queries, updates, tick } = await start();
    const responses: (() => void)[] = [];
    const answer = () => new Promise<string>((resolve) => responses.push(() => resolve('answer')));
    const asking = observe(queries, 'alerts', { ...toRefreshPolicy(true), answer });
    await Promise.resolve();
    updates.receive({ name: 'incidents', data: '{"type":"climate"}' });
    tick();
    expect(responses).toHaveLength(1);
    responses[0]?.();
    await asking;
    tick();
    await Promise.resolve();
    expect(responses).toHaveLength(2);
  });

  test('asks for the models when another one is active, and for everything after an event it does not know', async () => {
    const { queries, clock, updates, tick } = await start();
    const model = await observe(queries, 'model', { ...live, ...toRefreshPolicy(false) });
    const stats = await observe(queries, 'stats', {
      ...live,
      ...toRefreshPolicy(true, { everyMs: 600_000 }),
    });
    updates.receive({ name: 'model', data: '{"type":"climate","model":"m-2"}' });
    await settle(queries);
    expect([model.count, stats.count]).toEqual([2, 1]);
    clock.nowMs += 5000;
    updates.receive({ name: 'readings', data: '{"unknown":1}' });
    tick();
    await settle(queries);
    expect(stats.count).toBe(2);
  });
});
