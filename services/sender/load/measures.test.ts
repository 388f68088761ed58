import { toLatencyBucket } from '@sensor-sentinel/contracts';
import { afterEach, describe, expect, test } from 'vitest';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createMeasures, findSenderLimit } from './measures.ts';
import type { Outgoing, Settled } from './outgoing.ts';

const closers: (() => void)[] = [];

afterEach(() => {
  for (const close of closers.splice(0)) close();
});

const features = { temperature: 24, humidity: 51, sound_volume: 60 };
const reading = { id: '019b76da-a800-7000-8000-000000000001', sensor_id: 'a', ...features };

const toReply = (status: number) => ({
  ...{ status, body: undefined, isDuplicate: false, retryAfterMs: undefined },
});

function setUp(utilization = () => 0.5) {
  const { clock, advance } = createFakeClock();
  const measures = createMeasures({ clock, utilization });
  closers.push(measures.close);
  const start = (dueAtMs?: number) => {
    const outgoing: Outgoing = { line: 1, reading, ...(dueAtMs === undefined ? {} : { dueAtMs }) };
    measures.start([outgoing], { freeSinceMs: Number.NEGATIVE_INFINITY, maxLagMs: 1000 });
    return outgoing;
  };
  const accept = (outgoing: Outgoing, { isDuplicate = false, prediction = 0 as 0 | 1 } = {}): Settled => ({
    ...{ outgoing, outcome: 'accepted', isDuplicate },
    prediction: {
      ...{ prediction, score: 0, model: 'm', id: reading.id },
      type: 'climate',
      sensor_id: 'a',
      timestamp: '2026',
    },
  });
  return { measures, clock, advance, start, accept };
}

describe('createMeasures', () => {
  test('reports percentiles of latency and of service time', () => {
    const { measures, clock, advance, start, accept } = setUp();
    for (let ms = 1; ms <= 100; ms += 1) {
      const outgoing = start();
      const beginMs = clock.elapsed();
      const times = { intendedAtMs: beginMs, sentAtMs: beginMs + ms / 2, answeredAtMs: beginMs + ms };
      advance(ms);
      measures.settle(accept(outgoing), times);
    }
    const { latency_ms, service_ms, duration_ms, rows_per_second } = measures.report();
    expect(latency_ms?.p50).toBeCloseTo(50, 0);
    expect(latency_ms?.p99).toBeCloseTo(99, 0);
    expect(latency_ms?.max).toBeCloseTo(100, 0);
    expect(latency_ms?.mean).toBeCloseTo(50.5, 0);
    expect(service_ms?.p50).toBeCloseTo(25, 0);
    expect(duration_ms).toBe(5050);
    expect(rows_per_second).toBeCloseTo(19.8, 1);
  });

  test('records times of more than an hour as an hour', () => {
    const { measures, advance, start, accept } = setUp();
    const outgoing = start();
    advance(10_000_000);
    const times = { intendedAtMs: 0, sentAtMs: 0, answeredAtMs: 10_000_000 };
    measures.settle(accept(outgoing), times);
    expect(measures.report().latency_ms?.max).toBeGreaterThan(3_590_000);
  });

  test('counts each row under one outcome', () => {
    const { measures, start, accept } = setUp();
    const outgoing = start();
    const garbage = { ...outgoing, garbage: '?' };
    const times = { intendedAtMs: 0, sentAtMs: 0, answeredAtMs: 0 };
    measures.settle(accept(outgoing, { isDuplicate: true, prediction: 1 }), times);
    for (const outcome of ['conflict', 'rejected', 'unreadable'] as const)
      measures.settle({ outgoing, outcome, detail: '' }, times);
    measures.settle({ outgoing, outcome: 'unfinished' }, times);
    measures.settle({ outgoing: garbage, outcome: 'rejected', detail: '' }, times);
    measures.settle({ outgoing: garbage, outcome: 'unreadable', detail: '' }, times);
    measures.drop();
    for (const status of [429, 503, 503]) measures.retry(toReply(status));
    measures.retry({ unreachable: 'no answer' });
    expect(measures.counts).toMatchObject({
      ...{ accepted: 1, duplicates: 1, anomalies: 1, conflicts: 1, rejected: 1, unreadable: 2 },
      ...{ unfinished: 1, dropped: 1, garbage: 1, retries: 4, shed_429: 1, shed_503: 2 },
    });
    expect(measures.snapshot().shed).toBe(3);
  });

  test('reports the rates of the last seconds only', () => {
    const { measures, clock, advance, start, accept } = setUp();
    const sendFor = (seconds: number, { perSecond, latencyMs }: { perSecond: number; latencyMs: number }) => {
      for (let row = 0; row < seconds * perSecond; row += 1) {
        advance(1000 / perSecond);
        const now = clock.elapsed();
        const times = { intendedAtMs: now - latencyMs, sentAtMs: now, answeredAtMs: now };
        measures.settle(accept(start()), times);
      }
    };
    expect(measures.snapshot()).toEqual({
      ...{
        offered_per_second: 0,
        accepted_per_second: 0,
        shed: 0,
        p50_ms: null,
        p99_ms: null,
        latencies: [],
      },
    });
    sendFor(2, { perSecond: 50, latencyMs: 10 });
    expect(measures.snapshot().accepted_per_second).toBeCloseTo(100 / 1.98, 5); // from the first of 100 rows
    sendFor(20, { perSecond: 10, latencyMs: 100 });
    const { offered_per_second, accepted_per_second, p50_ms, latencies } = measures.snapshot();
    expect([offered_per_second, accepted_per_second].map(Math.round)).toEqual([10, 10]);
    expect(p50_ms).toBeCloseTo(100, 0);
    expect(latencies).toHaveLength(toLatencyBucket(100) + 1);
    expect(latencies?.at(-1)).toBeGreaterThanOrEqual(40);
    advance(60_000);
    expect(measures.snapshot()).toMatchObject({ offered_per_second: 0, p99_ms: null, latencies: [] });
    expect(measures.report().accepted).toBe(300);
  });

  test('measures lag only while a connection was free', () => {
    const { measures, advance, start } = setUp();
    advance(2000);
    const outgoing = start(500);
    measures.start([outgoing], { freeSinceMs: 1990, maxLagMs: 5000 });
    const { schedule_lag_ms, late_starts } = measures.report();
    expect(schedule_lag_ms?.max).toBeCloseTo(1500, -1);
    expect(schedule_lag_ms?.p50).toBeCloseTo(10, 0);
    expect(late_starts).toBe(1);
  });

  test('notifies observers of starts and answers', () => {
    const { measures, start, accept } = setUp();
    const observed: unknown[] = [];
    measures.observe({
      onAnswer: (times) => observed.push(times),
      onStart: (lag) => observed.push(lag),
    });
    const times = { intendedAtMs: -2000, sentAtMs: -1000, answeredAtMs: 0 };
    measures.settle(accept(start(0)), times);
    expect(observed).toEqual([0, { latency: 2, service: 1 }]);
  });
});

describe('findSenderLimit', () => {
  test('is null if the sender kept up', () => {
    expect(findSenderLimit({ eventLoopUtilization: 0.4, lagP99Ms: 3 })).toBeNull();
    expect(findSenderLimit({ eventLoopUtilization: 0.4, lagP99Ms: null })).toBeNull();
  });

  test('names the reasons', () => {
    expect(findSenderLimit({ eventLoopUtilization: 0.97, lagP99Ms: 73.2 })).toBe(
      'the sender was the limit: its event loop was busy 97 % of the time; 1 % of the rows were sent 73 ms late or later although a connection was free',
    );
  });
});
