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

  test.each([undefined, ['s-1']])('counts the readings at both ends of a window of %s', async (sensor_id) => {
    const [from, to] = [start + 10_500, start + 14.25 * minuteMs];
    const inside = Array.from({ length: count }, (_, index) => index).filter((index) => {
      const timeMs = start + Math.floor((index / count) * 15 * minuteMs);
      return timeMs >= from && timeMs < to && (sensor_id === undefined || index % 3 === 1);
    });
    const window = { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
    expect(await findSeries(pool, climate, { points: 1000, sensor_id, ...window })).toMatchObject({
      resolution: 'reading',
      count: inside.length,
      anomalies: inside.filter((index) => index % 1000 === 0).length,
    });
  });
});

describe('a series of readings that do not begin and end with an hour', () => {
  test('has at least 500 buckets', async () => {
    const begin = Date.parse('2026-03-02T10:17:00.000Z');
    const writing = createPool({ databaseUrl: database.url, connections: 2, isWriting: true });
    const rows = Array.from({ length: 16.5 * 300 }, (_, index): ArrivedReading => {
      const timestamp = new Date(begin + index * 12_000).toISOString();
      const { reading } = toRow(index);
      return { reading: { ...reading, sensor_id: 'cellar', timestamp }, receivedAt: timestamp };
    });
    await storeReadings(writing, rows);
    for (const isFolded of [false, true]) {
      if (isFolded) await foldDeltas(writing);
      const series = await findSeries(pool, climate, { points: 1000, sensor_id: ['cellar'] });
      expect(series).toMatchObject({ resolution: 60, count: rows.length });
      expect(series.timestamp).toHaveLength(990);
    }
    await writing.end();
  });
});

describe('a sample of readings that did not arrive in the order of time', () => {
  test('has readings of all parts of the window', async () => {
    const begin = Date.parse('2026-03-04T10:00:00.000Z');
    const writing = createPool({ databaseUrl: database.url, connections: 2, isWriting: true });
    const hours = [1, 0, 2];
    for (const hour of hours) {
      const rows = Array.from({ length: 6000 }, (_, index): ArrivedReading => {
        const timestamp = new Date(begin + hour * 60 * minuteMs + index * 600).toISOString();
        const { reading } = toRow(index);
        return { reading: { ...reading, sensor_id: 'roof', timestamp }, receivedAt: timestamp };
      });
      await storeReadings(writing, rows);
    }
    await foldDeltas(writing);
    for (const selected of [{ sensor_id: ['roof'] }, { from: new Date(begin).toISOString() }]) {
      const series = await findSeries(pool, climate, { points: 1000, ...selected });
      expect(series).toMatchObject({ resolution: 'reading', count: 18_000, downsampled: true });
      const counts = hours.map((hour) => {
        const [from, to] = [begin + hour * 60 * minuteMs, begin + (hour + 1) * 60 * minuteMs];
        return series.timestamp.filter((time) => Date.parse(time) >= from && Date.parse(time) < to).length;
      });
      expect(Math.min(...counts) / series.timestamp.length).toBeGreaterThan(0.28);
    }
    await writing.end();
  });
});
