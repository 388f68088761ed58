import { afterEach, describe, expect, test } from 'vitest';
import { createMeasures } from '../load/measures.ts';
import { createFakeClock } from '../testing/fake-clock.ts';
import { createMetrics, serveMetrics } from './metrics.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

describe('GET /metrics', () => {
  test('reports outcomes and times', async () => {
    const { clock, advance } = createFakeClock();
    const measures = createMeasures({ clock, utilization: () => 0.25 });
    const metrics = await serveMetrics({ registry: createMetrics(measures), host: '127.0.0.1', port: 0 });
    closers.push(metrics.close, measures.close);
    const id = '019b76da-a800-7000-8000-000000000001';
    const outgoing = {
      line: 1,
      dueAtMs: 0,
      reading: { id, sensor_id: 'a', temperature: 24, humidity: 51, sound_volume: 60 },
    };
    measures.start([outgoing], { freeSinceMs: 0, maxLagMs: 1000 });
    advance(20);
    const answered = { id, type: 'climate', sensor_id: 'a', timestamp: '' };
    const prediction = { prediction: 1 as const, score: 1, model: 'm', ...answered };
    measures.settle(
      { outgoing, outcome: 'accepted', prediction, isDuplicate: true },
      { intendedAtMs: 0, sentAtMs: 18, answeredAtMs: 20 },
    );
    measures.retry({ status: 503, body: undefined, isDuplicate: false, retryAfterMs: undefined });
    measures.drop();
    const scrape = async () => (await fetch(`http://127.0.0.1:${metrics.port}/metrics`)).text();
    await scrape();
    const text = await scrape();
    for (const line of [
      'sender_readings_total{outcome="accepted"} 1',
      'sender_readings_total{outcome="dropped"} 1',
      'sender_readings_offered_total 2',
      'sender_readings_duplicate_total 1',
      'sender_readings_replayed_total 1',
      'sender_retries_total 1',
      'sender_shed_total{status="503"} 1',
      'sender_request_duration_seconds_bucket{le="0.0025"} 1',
      'sender_latency_seconds_bucket{le="0.01"} 0',
      'sender_latency_seconds_bucket{le="0.025"} 1',
      'sender_schedule_lag_seconds_count 1',
      'sender_event_loop_utilization 0.25',
    ])
      expect(text.split('\n')).toContain(line);
  });

  test('answers no other path, and reports a port that is in use', async () => {
    const measures = createMeasures({ clock: createFakeClock().clock });
    const registry = createMetrics(measures);
    const { port, close } = await serveMetrics({ registry, host: '127.0.0.1', port: 0 });
    closers.push(close, measures.close);
    expect((await fetch(`http://127.0.0.1:${port}/`)).status).toBe(404);
    await expect(serveMetrics({ registry, host: '127.0.0.1', port })).rejects.toThrow('EADDRINUSE');
  });
});
