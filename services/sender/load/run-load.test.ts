import { setImmediate as turn } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { type Clock, systemClock } from '../clock.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { type Script, startScriptedApi, toPrediction } from '../testing/scripted-api.ts';
import { createMeasures } from './measures.ts';
import type { Outgoing, Settled } from './outgoing.ts';
import { createPredictClient } from './predict-client.ts';
import { type RequestOptions, runLoad } from './run-load.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function toRow(line: number, more: Partial<Outgoing> = {}): Outgoing {
  const id = `019b76da-a800-7000-8000-${String(line).padStart(12, '0')}`;
  return { line, reading: { id, sensor_id: 'a', temperature: 24, humidity: 51, sound_volume: 60 }, ...more };
}

async function* toSource(rows: readonly Outgoing[]) {
  yield* rows;
}

interface SetUp extends Partial<RequestOptions> {
  script?: Script;
  outgoing?: readonly Outgoing[];
  rows?: AsyncIterable<Outgoing>;
  clock?: Clock;
  onSettled?: (settled: Settled) => void;
}

async function setUp({ script, outgoing = [], rows, onSettled, clock: given, ...requests }: SetUp) {
  const api = await startScriptedApi(script);
  const time = createFakeClock();
  const clock = given ?? time.clock;
  const [stop, abort] = [new AbortController(), new AbortController()];
  const { signal } = abort;
  const client = createPredictClient({
    apiUrl: api.url,
    timeoutMs: 5000,
    connections: 64,
    clock,
    abort: signal,
  });
  const measures = createMeasures({ clock, utilization: () => 0.5 });
  closers.push(client.close, api.close, measures.close);
  const settled: Settled[] = [];
  const run = () =>
    runLoad(rows ?? toSource(outgoing), onSettled ?? ((one) => settled.push(one)), {
      client,
      requests: { concurrency: 8, batch: 1, format: 'json', late: 'wait', maxLagMs: 1000, ...requests },
      measures,
      clock,
      random: () => 0,
      outages: { onRetry: () => undefined, onAnswer: () => undefined },
      stop: stop.signal,
      abort: signal,
    });
  return { api, run, measures, settled, stop, abort, ...time };
}

function createGate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open: () => open(), opened };
}

/** Lets the scripted API answer as the contract says. */
const byContract = undefined;

describe('runLoad', () => {
  test('sends each row when it is due, and settles it', async () => {
    const outgoing = [0, 250, 500].map((dueAtMs, line) => toRow(line, { dueAtMs }));
    const { run, api, settled, sleeps, measures } = await setUp({ outgoing });
    await run();
    expect(sleeps).toEqual([250, 250]);
    expect(api.predictions()).toEqual(outgoing.map(({ reading }) => reading));
    expect(settled.map(({ outcome }) => outcome)).toEqual(Array(3).fill('accepted'));
    expect(settled.map((one) => one.outgoing)).toEqual(expect.arrayContaining(outgoing));
    expect(measures.report()).toMatchObject({ offered: 3, accepted: 3, requests: 3, late_starts: 0 });
  });

  test('waits for a row that is due in months, in steps that a timer supports', async () => {
    const dueAtMs = 90 * 24 * 3_600_000;
    const { run, settled, sleeps, clock } = await setUp({ outgoing: [toRow(0, { dueAtMs })] });
    await run();
    expect(sleeps).toHaveLength(4);
    expect(clock.elapsed()).toBe(dueAtMs);
    expect(settled).toHaveLength(1);
  });

  test('counts latency from the due time, even while no connection is free', async () => {
    const outgoing = [0, 0, 0].map((dueAtMs, line) => toRow(line, { dueAtMs }));
    const { run, measures, ...time } = await setUp({
      outgoing,
      concurrency: 1,
      script: () => {
        time.advance(100);
        return byContract;
      },
    });
    await run();
    const { latency_ms, service_ms, schedule_lag_ms } = measures.report();
    expect(latency_ms).toMatchObject({ p50: expect.closeTo(200, 0), max: expect.closeTo(300, 0) });
    expect(service_ms).toMatchObject({ max: expect.closeTo(100, 0) });
    expect(schedule_lag_ms).toMatchObject({ max: 0 });
  });

  test('does not wait for an answer before the next row is due', async () => {
    const gate = createGate();
    const outgoing = [0, 1, 2].map((dueAtMs, line) => toRow(line, { dueAtMs }));
    const { run, api, abort } = await setUp({
      outgoing,
      script: () => {
        if (api.requests.length === 3) gate.open();
        return 'never';
      },
    });
    const running = run();
    await gate.opened;
    abort.abort();
    await running;
    expect(api.requests).toHaveLength(3);
  });

  test('drops rows that are too late', async () => {
    const outgoing = [0, 100, 200, 5000].map((dueAtMs, line) => toRow(line, { dueAtMs }));
    const { run, api, settled, measures, ...time } = await setUp({
      ...{ outgoing, concurrency: 1, late: 'drop', maxLagMs: 1000 },
      script: () => {
        if (api.requests.length === 1) time.advance(1150);
        return byContract;
      },
    });
    await run();
    expect(settled.map(({ outgoing: { line }, outcome }) => [line, outcome])).toEqual([
      [0, 'accepted'],
      [1, 'dropped'],
      [2, 'accepted'],
      [3, 'accepted'],
    ]);
    expect(measures.report()).toMatchObject({ offered: 4, accepted: 3, dropped: 1 });
  });

  test('limits the requests in flight', async () => {
    const gate = createGate();
    const outgoing = Array.from({ length: 20 }, (_, line) => toRow(line));
    const { run, api, abort, settled } = await setUp({
      ...{ outgoing, concurrency: 3 },
      script: () => {
        if (api.requests.length === 3) gate.open();
        return 'never';
      },
    });
    const running = run();
    await gate.opened;
    for (let turns = 0; turns < 10; turns += 1) await turn();
    expect(api.requests).toHaveLength(3);
    abort.abort();
    await running;
    expect(settled).toHaveLength(20);
  });

  test('sends rows that are due together in one request, and settles each by its own answer', async () => {
    const outgoing = [0, 0, 0, 500, 500].map((dueAtMs, line) => toRow(line, { dueAtMs }));
    const { run, api, settled, measures } = await setUp({
      outgoing,
      batch: 100,
      clock: systemClock,
      script: ({ body }) => {
        const [first, , third] = body as Parameters<typeof toPrediction>[0][];
        if (!first || !third) return undefined;
        const rejected = [{ index: 1, errors: [{ path: 'id', message: 'is stored already' }] }];
        const results = [{ ...toPrediction(first), index: 0, duplicate: true }];
        return { status: 200, body: { accepted: 1, rejected, results } };
      },
    });
    const begin = systemClock.elapsed();
    for (const row of outgoing) row.dueAtMs = begin + (row.dueAtMs ?? 0) / 10;
    await run();
    expect(api.predictions().map((body) => (body as unknown[]).length)).toEqual([3, 2]);
    expect(settled.map(({ outcome }) => outcome)).toEqual([
      'accepted',
      'conflict',
      'unreadable',
      'accepted',
      'accepted',
    ]);
    expect(measures.report()).toMatchObject({ duplicates: 1, conflicts: 1, unreadable: 1, requests: 2 });
  });

  test('does not wait for a full batch while the source has no rows', async () => {
    const gate = createGate();
    async function* rows() {
      yield toRow(0);
      await gate.opened;
      yield toRow(1);
    }
    const { run, api } = await setUp({
      ...{ rows: rows(), batch: 100, clock: systemClock },
      onSettled: gate.open,
    });
    await run();
    expect(api.requests).toHaveLength(2);
  });

  test('sends garbage as it is in a request of its own, and expects it to be refused', async () => {
    const outgoing = [toRow(0), toRow(1, { garbage: '{"what":1}' }), toRow(2)];
    const { run, api, settled, measures } = await setUp({
      ...{ outgoing, batch: 10, concurrency: 1 },
      script: ({ body }) => (Reflect.has(Object(body), 'what') ? { status: 400 } : undefined),
    });
    await run();
    expect(api.predictions()).toHaveLength(3);
    expect(api.predictions()[1]).toEqual({ what: 1 });
    expect(settled.map(({ outcome }) => outcome)).toEqual(['accepted', 'rejected', 'accepted']);
    expect(measures.report()).toMatchObject({ offered: 3, accepted: 2, rejected: 0, garbage: 1 });
  });

  test('retries with the same id after Retry-After, and counts shed requests', async () => {
    let refused = 0;
    const { run, api, settled, sleeps, measures } = await setUp({
      outgoing: [toRow(0)],
      script: () => (refused++ < 2 ? { status: 503, headers: { 'Retry-After': '3' } } : undefined),
    });
    await run();
    expect(sleeps).toEqual([3000, 3000]);
    expect(api.predictions()).toEqual(Array(3).fill(toRow(0).reading));
    expect(settled).toMatchObject([{ outcome: 'accepted' }]);
    expect(measures.report()).toMatchObject({ accepted: 1, retries: 2, shed_503: 2, shed_429: 0 });
    expect(measures.report().latency_ms?.max).toBeGreaterThanOrEqual(6000);
    expect(measures.report().service_ms?.max).toBeLessThan(100);
  });

  test('distinguishes conflicts from rejections', async () => {
    const statuses = [409, 400];
    const { run, settled } = await setUp({
      ...{ outgoing: [toRow(0), toRow(1)], concurrency: 1 },
      script: () => ({ status: statuses.shift() ?? 200 }),
    });
    await run();
    expect(settled).toMatchObject([
      { outcome: 'conflict', detail: 'answered 409' },
      { outcome: 'rejected', detail: 'answered 400' },
    ]);
  });

  test('sends nothing more when stopped, and settles rows in flight', async () => {
    const gate = createGate();
    async function* endless() {
      for (let line = 0; ; line += 1) yield toRow(line);
    }
    const { run, settled, stop, abort, api } = await setUp({
      ...{ rows: endless(), concurrency: 2 },
      script: () => {
        if (api.requests.length === 2) gate.open();
        return 'never';
      },
    });
    let isOver = false;
    const running = run().then(() => {
      isOver = true;
    });
    await gate.opened;
    stop.abort();
    await turn();
    expect(isOver).toBe(false);
    abort.abort();
    await running;
    expect(settled.map(({ outcome }) => outcome)).toEqual(['unfinished', 'unfinished']);
    expect(api.requests).toHaveLength(2);
  });

  test('stops while the source has no rows', async () => {
    async function* silent() {
      yield toRow(0);
      await new Promise(() => undefined);
    }
    const { run, stop, settled } = await setUp({ rows: silent(), onSettled: () => stop.abort() });
    await run();
    expect(settled).toEqual([]);
  });

  test('throws the error of the source once rows in flight are settled', async () => {
    async function* broken() {
      yield toRow(0);
      throw new Error('no such file');
    }
    const { run, settled } = await setUp({ rows: broken() });
    await expect(run()).rejects.toThrow('no such file');
    expect(settled).toHaveLength(1);
  });

  test('throws the error of onSettled', async () => {
    const outgoing = Array.from({ length: 100 }, (_, line) => toRow(line));
    const { run } = await setUp({
      outgoing,
      onSettled: () => {
        throw new Error('no room');
      },
    });
    await expect(run()).rejects.toThrow('no room');
  });
});
