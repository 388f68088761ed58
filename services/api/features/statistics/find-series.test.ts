import { randomUUID } from 'node:crypto';
import type { Pool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createPool } from '../../storage/pool.ts';
import { type ArrivedReading, climate, storeReadings } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { findSeries } from './find-series.ts';
import { foldDeltas } from './rollups/fold-deltas.ts';
import { minuteMs } from './window-plan.ts';

const count = 33_000;
const start = Date.parse('2026-03-01T10:00:00.000Z');

let database: TestDatabase;
let pool: Pool;

function toRow(index: number): ArrivedReading {
  const timestamp = new Date(start + Math.floor((index / count) * 15 * minuteMs)).toISOString();
  const values = { temperature: 20 + (index % 7), humidity: 50, sound_volume: 60 };
  const result = { prediction: index % 1000 === 0 ? (1 as const) : (0 as const), score: 0.1 };
  const reading = { id: randomUUID(), sensor_id: `s-${index % 3}`, timestamp, ...values, ...result };
  return { reading: { ...reading, model: 'test' }, receivedAt: timestamp };
}

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 2 });
  const writing = createPool({ databaseUrl: database.url, connections: 2, isWriting: true });
  for (let from = 0; from < count; from += 1000) {
    const rows = Array.from({ length: 1000 }, (_, place) => toRow(from + place));
    await storeReadings(writing, rows);
  }
  await foldDeltas(writing);
  await writing.end();
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

describe('a series of many readings in a short window', () => {
  test.each([
    { of: 'all sensors', sensor_id: undefined, readings: count, anomalies: 33 },
    { of: 'one of three sensors', sensor_id: ['s-1'], readings: count / 3, anomalies: 11 },
  ])('is a sample of at least 500 readings of $of', async ({ sensor_id, readings, anomalies }) => {
    const series = await findSeries(pool, climate, { points: 1000, sensor_id });
    if (series.resolution !== 'reading') throw new Error('expected readings');
    expect(series).toMatchObject({ count: readings, anomalies, downsampled: true });
    expect(series.timestamp.length).toBeGreaterThanOrEqual(500);
    expect(series.timestamp).toEqual(series.timestamp.toSorted());
    expect(series.prediction.filter((prediction) => prediction === 1)).toHaveLength(anomalies);
    const halves = series.timestamp.filter((time) => Date.parse(time) < start + 7.5 * minuteMs).length;
    expect(Math.abs(halves / series.timestamp.length - 0.5)).toBeLessThan(0.15);
    expect(await findSeries(pool, climate, { points: 1000, sensor_id })).toEqual(series);
  });
});
