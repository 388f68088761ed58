import { randomUUID } from 'node:crypto';
import { seriesBySensorSchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createPool } from '../../storage/pool.ts';
import { type ArrivedReading, climate, storeReadings } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { findSeries } from './find-series.ts';
import { findSeriesBySensor } from './find-series-by-sensor.ts';
import { foldDeltas } from './rollups/fold-deltas.ts';
import { minuteMs } from './window-plan.ts';

const start = Date.parse('2026-03-01T00:00:00.000Z');
const hourMs = 60 * minuteMs;

let database: TestDatabase;
let pool: Pool;
let writing: Pool;

interface Given {
  sensor_id: string;
  startMs: number;
  stepMs: number;
  count: number;
  /** One in this many readings is an anomaly. */
  anomalyEvery: number;
}

async function store({ sensor_id, startMs, stepMs, count, anomalyEvery }: Given): Promise<void> {
  const rows = Array.from({ length: count }, (_, index): ArrivedReading => {
    const timestamp = new Date(startMs + index * stepMs).toISOString();
    const isAnomaly = index % anomalyEvery === 0;
    const result = {
      prediction: isAnomaly ? 1 : 0,
      score: isAnomaly ? 0.5 + (index % 37) / 100 : 0.1,
    } as const;
    const values = { temperature: 20 + (index % 7), humidity: 50, sound_volume: 60 };
    const reading = { id: randomUUID(), sensor_id, timestamp, ...values, ...result, model: 'test' };
    return { reading, receivedAt: timestamp };
  });
  for (let from = 0; from < count; from += 1000) await storeReadings(writing, rows.slice(from, from + 1000));
}

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 2 });
  writing = createPool({ databaseUrl: database.url, connections: 2, isWriting: true });
  const few = { startMs: start, stepMs: minuteMs, count: 60, anomalyEvery: 10 };
  for (const sensor_id of ['a', 'b', 'c', 'd', 'e', 'f']) await store({ ...few, sensor_id });
  // A day later: an anomaly each minute.
  const dense = { startMs: start + 24 * hourMs, stepMs: 10_000, count: 8640, anomalyEvery: 6 };
  await store({ ...dense, sensor_id: 'dense' });
  await store({ ...dense, sensor_id: 'rare', count: 5000, anomalyEvery: 50 });
  await foldDeltas(writing);
});

afterAll(async () => {
  await writing.end();
  await pool.end();
  await database.drop();
});

describe('GET /series?by=sensor', () => {
  test('has a series of each selected sensor, which share the points', async () => {
    const query = { points: 100, by: 'sensor' as const, sensor_id: ['b', 'a', 'nobody'] };
    const answer = await findSeriesBySensor(pool, climate, query);
    expect(seriesBySensorSchema.parse(answer)).toEqual(answer);
    expect(answer.series.map(({ sensor_id, count }) => [sensor_id, count])).toEqual([
      ['b', 60],
      ['a', 60],
    ]);
    const { sensor_id: _, ...ofA } = answer.series[1] ?? { sensor_id: null };
    expect(ofA).toEqual(await findSeries(pool, climate, { points: 33, sensor_id: ['a'] }));
  });

  test('has a series of each sensor that is active since the start, if they are at most six', async () => {
    const from = new Date(start + 2 * hourMs).toISOString();
    const late = await findSeriesBySensor(pool, climate, { points: 100, by: 'sensor', from });
    expect(late.series.map(({ sensor_id }) => sensor_id)).toEqual(['dense', 'rare']);
    expect(late).toMatchObject({ type: 'climate', from, to: null });
  });

  test('has one series of all readings of more than six sensors', async () => {
    const all = await findSeriesBySensor(pool, climate, { points: 100, by: 'sensor' });
    expect(all.series.map(({ sensor_id, count }) => [sensor_id, count])).toEqual([[null, 360 + 8640 + 5000]]);
    const sensor_id = ['a', 'b', 'c', 'd', 'e', 'f', 'dense'];
    const selected = await findSeriesBySensor(pool, climate, { points: 100, by: 'sensor', sensor_id });
    expect(selected.series.map((series) => [series.sensor_id, series.count])).toEqual([[null, 9000]]);
  });
});

describe('the anomalies of a series of buckets', () => {
  test('are all anomalies of the window if they are few', async () => {
    const series = await findSeries(pool, climate, { points: 1000, sensor_id: ['rare'] });
    if (series.resolution === 'reading') throw new Error('expected buckets');
    expect(series.anomalies).toBe(100);
    expect(series.top_anomalies.timestamp).toHaveLength(100);
  });

  test('are those with the highest scores, from all parts of the window, if they are many', async () => {
    const series = await findSeries(pool, climate, { points: 1000, sensor_id: ['dense'] });
    if (series.resolution === 'reading') throw new Error('expected buckets');
    const { timestamp, id, temperature } = series.top_anomalies;
    expect(series.anomalies).toBe(1440);
    expect([timestamp.length, id.length, temperature]).toEqual([300, 300, expect.any(Array)]);
    const begin = start + 24 * hourMs;
    const scoreAt = (timeMs: number) => 0.5 + (((timeMs - begin) / 10_000) % 37) / 100;
    const parts = timestamp.map((time) => Date.parse(time));
    for (const timeMs of parts) {
      const partStart = begin + Math.floor((timeMs - begin) / ((24 * hourMs) / 300)) * ((24 * hourMs) / 300);
      const others = Array.from({ length: 5 }, (_, place) =>
        Math.ceil((partStart - begin) / minuteMs + place),
      );
      const scores = others
        .map((minute) => begin + minute * minuteMs)
        .filter((time) => time < partStart + (24 * hourMs) / 300)
        .map(scoreAt);
      expect(scoreAt(timeMs)).toBeCloseTo(Math.max(...scores), 9);
    }
  });
});
