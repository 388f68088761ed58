import { climateType } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import type { Pool } from 'mysql2/promise';
import mysql, { type Connection, type RowDataPacket } from 'mysql2/promise';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createPool } from '../../storage/pool.ts';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import { type ClimateReading, climate, storeReadings } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { createReadingsView } from '../../testing/readings-view.ts';
import { findBuckets } from './bucket-series.ts';
import { findDistribution } from './find-distribution.ts';
import { findSeries } from './find-series.ts';
import { findStats } from './find-stats.ts';
import { foldDeltas } from './rollups/fold-deltas.ts';
import { momentsOf } from './rollups/rollup.ts';
import { minuteMs } from './window-plan.ts';

const featureNames = climateType.features.map(({ name }) => name);

const start = Date.parse('2026-03-01T10:00:00.000Z');
const spanMs = 4 * 60 * minuteMs;

let database: TestDatabase;
let pool: Pool;
let admin: Connection;

/** A deterministic pseudorandom number in (-1, 1). */
function scatter(index: number): number {
  return (Math.sin(index * 12.9898) * 43_758.5453) % 1;
}

function toReading(index: number): ClimateReading {
  const at = Math.abs(scatter(index));
  // Every tenth on a whole minute, the others anywhere; not in order of time.
  const offsetMs = index % 10 === 0 ? Math.floor(at * 240) * minuteMs : Math.floor(at * spanMs);
  return {
    id: v7(),
    sensor_id: index % 3 === 0 ? 'attic' : 'cellar',
    timestamp: new Date(start + offsetMs).toISOString(),
    temperature: 24 + 3 * scatter(index + 1),
    humidity: 52 + 1e-3 * scatter(index + 2),
    sound_volume: index % 50 === 0 ? 0 : 60,
    prediction: index % 7 === 0 ? 1 : 0,
    score: index % 97 === 0 ? 1 : Math.abs(scatter(index + 3)),
    model: 'test',
  };
}

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 2 });
  const writing = createPool({ databaseUrl: database.url, connections: 2, isWriting: true });
  admin = await mysql.createConnection({ uri: database.adminUrl, dateStrings: true });
  await createReadingsView(admin);
  for (let batch = 0; batch < 12; batch++) {
    const readings = Array.from({ length: 100 }, (_, index) => toReading(batch * 100 + index));
    const rows = readings.map((reading) => ({ reading, receivedAt: reading.timestamp }));
    await storeReadings(writing, rows);
    if (batch % 3 === 1) await foldDeltas(writing); // the last batch is not folded
  }
  await writing.end();
});

afterAll(async () => {
  await pool.end();
  await admin.end();
  await database.drop();
});

interface Window {
  from?: string;
  to?: string;
  sensor_id?: string[];
}

async function aggregateRows({ from, to, sensor_id }: Window) {
  const sums = featureNames.flatMap((name) =>
    ['MIN', 'MAX', 'AVG', 'STDDEV_POP'].map((sum) => `${sum}(${name}) AS ${name}_${sum}`),
  );
  const bins = Array.from(
    { length: 20 },
    (_, bin) => `COALESCE(SUM(LEAST(FLOOR(score * 20), 19) = ${bin}), 0)`,
  );
  const [[row]] = await admin.query<RowDataPacket[]>(
    `SELECT COUNT(*) AS count, COALESCE(SUM(prediction), 0) AS anomalies, ${sums.join(', ')},
      CONCAT_WS(',', ${bins.join(', ')}) AS bins FROM named_readings
      WHERE timestamp >= ? AND timestamp < ? AND (? OR sensor_id IN (?))`,
    [
      toSqlTimestamp(from ?? '1000-01-01T00:00:00.000'),
      toSqlTimestamp(to ?? '9999-01-01T00:00:00.000'),
      sensor_id === undefined,
      sensor_id ?? [''],
    ],
  );
  if (row === undefined) throw new Error('an aggregate returned no row');
  return row;
}

/** `scale`: the values that a deviation is computed from, whose rounding error it inherits. */
function expectClose(found: number, expected: number, scale: number): void {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-9 * Math.abs(expected) + 1e-13 * scale);
}

async function expectEqual(window: Window): Promise<void> {
  const [stats, distribution, plain] = await Promise.all([
    findStats(pool, climate, window),
    findDistribution(pool, climate, window),
    aggregateRows(window),
  ]);
  expect([stats.count, stats.anomalies]).toEqual([plain.count, Number(plain.anomalies)]);
  expect([distribution.count, distribution.unscored]).toEqual([plain.count, 0]);
  expect(distribution.predictions[1]).toBe(stats.anomalies);
  expect(distribution.score_histogram.map(({ count }) => count).join()).toBe(plain.bins);
  expect(stats.features === null).toBe(plain.count === 0);
  for (const name of featureNames) {
    const found = stats.features?.[name];
    if (found == null) continue;
    expect([found.count, found.min, found.max]).toEqual([
      plain.count,
      plain[`${name}_MIN`],
      plain[`${name}_MAX`],
    ]);
    expectClose(found.mean, plain[`${name}_AVG`], 0);
    expectClose(found.std, plain[`${name}_STDDEV_POP`], found.mean);
  }
}

/** Any time, whole minute or whole hour, from just before to just after the readings. */
const time = fc
  .tuple(fc.integer({ min: -minuteMs, max: spanMs + minuteMs }), fc.constantFrom(1, minuteMs, 60 * minuteMs))
  .map(([offset, step]) => start + Math.floor(offset / step) * step);
const end = fc.oneof({ weight: 4, arbitrary: time }, { weight: 1, arbitrary: fc.constant(undefined) });
const sensors = fc.constantFrom<string[] | undefined>(
  undefined,
  ['attic'],
  ['cellar'],
  ['nobody'],
  ['attic', 'cellar', 'nobody'],
);
const length = fc.oneof(fc.integer({ min: 1, max: 3 * minuteMs }), fc.integer({ min: 1, max: spanMs }));

function toWindow(
  fromMs: number | undefined,
  toMs: number | undefined,
  sensor_id: string[] | undefined,
): Window {
  return {
    ...(fromMs === undefined ? {} : { from: new Date(fromMs).toISOString() }),
    ...(toMs === undefined ? {} : { to: new Date(toMs).toISOString() }),
    ...(sensor_id === undefined ? {} : { sensor_id }),
  };
}

describe('statistics and distribution', () => {
  test('of any window equal those of its rows', async () => {
    const anyWindow = fc.tuple(end, end, sensors).map(([a, b, sensor_id]) => {
      const isSwapped = a !== undefined && b !== undefined && a > b;
      return isSwapped ? toWindow(b, a, sensor_id) : toWindow(a, b, sensor_id);
    });
    await fc.assert(fc.asyncProperty(anyWindow, expectEqual), { numRuns: 100, seed: 4 });
  });

  test('of short windows equal those of their rows', async () => {
    const shortWindow = fc
      .tuple(time, length, sensors)
      .map(([a, ms, sensor_id]) => toWindow(a, a + ms, sensor_id));
    await fc.assert(fc.asyncProperty(shortWindow, expectEqual), { numRuns: 60, seed: 5 });
  });

  test('without a window equal those of all rows', async () => {
    await expectEqual({});
    await expectEqual({ sensor_id: ['attic'] });
  });
});

describe('a series of buckets', () => {
  test('has every reading of any window in exactly one bucket', async () => {
    const windows = fc.tuple(time, length, fc.constantFrom(10, 60, 1000));
    const property = fc.asyncProperty(windows, async ([fromMs, ms, points]) => {
      const range = { fromMs, toMs: fromMs + ms };
      const found = await findBuckets(pool, { type: climate, query: { points }, keys: undefined, range });
      const plain = await findStats(pool, climate, toWindow(fromMs, fromMs + ms, undefined));
      expect(found.buckets.length).toBeLessThanOrEqual(points);
      expect(found.buckets.reduce((sum, { rollup }) => sum + rollup.count, 0)).toBe(plain.count);
      expect(found.buckets.reduce((sum, { rollup }) => sum + rollup.anomalies, 0)).toBe(plain.anomalies);
      const temperature = plain.features?.temperature;
      if (temperature == null || found.countsEnds) return;
      const parts = found.buckets.map(({ rollup }) => momentsOf(rollup, 0));
      expect(Math.min(...parts.map(({ min }) => min))).toBe(temperature.min);
      expect(Math.max(...parts.map(({ max }) => max))).toBe(temperature.max);
      const sum = parts.reduce((all, { count, mean }) => all + count * mean, 0);
      expectClose(sum / plain.count, temperature.mean, 0);
    });
    await fc.assert(property, { numRuns: 40, seed: 6 });
  });

  test('counts the readings of several sensors', async () => {
    const of = (...sensor_id: string[]) => findSeries(pool, climate, { points: 100, sensor_id });
    const [attic, cellar, both] = [await of('attic'), await of('cellar'), await of('attic', 'cellar')];
    expect([attic.count, cellar.count, both.count]).toEqual([400, 800, 1200]);
  });

  test('is not used for few readings', async () => {
    expect(await findSeries(pool, climate, { points: 100 })).toMatchObject({
      resolution: 'reading',
      count: 1200,
    });
  });
});
