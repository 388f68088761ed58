import { expect } from 'vitest';
import { type BucketRow, Buckets, rollupLevels, toBucket } from '../features/statistics/rollups/buckets.ts';
import { listDeltas } from '../features/statistics/rollups/deltas.ts';
import {
  fromDocument,
  type Moments,
  mergeInto,
  momentsOf,
  type Rollup,
} from '../features/statistics/rollups/rollup.ts';
import { inSnapshot, type Select } from '../storage/connection.ts';
import { createPool } from '../storage/pool.ts';

interface Row {
  type: number;
  sensor: number;
  timestamp: string;
  features: string;
  prediction: 0 | 1 | null;
  score: number | null;
}

function expectMoments(found: Moments, all: readonly (number | null | undefined)[]): void {
  const values = all.filter((value) => typeof value === 'number');
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviations = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const scale = Math.max(1, values.length * mean ** 2, deviations);
  expect([found.count, found.min, found.max]).toEqual([
    values.length,
    Math.min(...values),
    Math.max(...values),
  ]);
  if (values.length === 0) return;
  expect(Math.abs(found.mean - mean)).toBeLessThanOrEqual(1e-9 * Math.max(1, Math.abs(mean)));
  expect(Math.abs(found.deviations - deviations)).toBeLessThanOrEqual(1e-9 * scale);
}

function expectRollup(found: Rollup, rows: readonly Row[]): void {
  expect(found.count).toBe(rows.length);
  expect(found.anomalies).toBe(rows.filter(({ prediction }) => prediction === 1).length);
  const bins = Array<number>(20).fill(0);
  for (const { score } of rows) {
    if (score === null) continue;
    const bin = Math.min(19, Math.floor(score * 20));
    bins[bin] = (bins[bin] ?? 0) + 1;
  }
  expect(found.bins).toEqual(bins);
  const readings = rows.map((row) => JSON.parse(row.features) as (number | null)[]);
  const width = Math.max(...readings.map(({ length }) => length));
  for (let place = 0; place < width; place++)
    expectMoments(
      momentsOf(found, place),
      readings.map((values) => values[place]),
    );
  expectMoments(
    found.score,
    rows.map(({ score }) => score),
  );
}

/**
 * In one state of the database, compares every bucket of all rollup tables, including deltas that are not folded yet, with
 * statistics computed from the readings. Returns the number of buckets.
 */
export async function expectRollupsToEqualRows(databaseUrl: string): Promise<number> {
  const pool = createPool({ databaseUrl, connections: 1 });
  try {
    return await inSnapshot(pool, compareRollups);
  } finally {
    await pool.end();
  }
}

async function compareRollups(select: Select): Promise<number> {
  const sql = 'SELECT type, sensor, timestamp, features, prediction, score FROM readings';
  const rows = await select<Row>({ sql });
  const deltas = await listDeltas(select);
  let buckets = 0;
  for (const { table, toStart } of rollupLevels) {
    const expected = new Map<string, Row[]>();
    for (const row of rows) {
      for (const sensor of [0, row.sensor]) {
        const key = `${row.type} ${sensor} ${toStart(row.timestamp)}`;
        expected.set(key, [...(expected.get(key) ?? []), row]);
      }
    }
    const found = new Buckets();
    const stored = await select<BucketRow>({
      sql: `SELECT type, sensor, bucket, rollup FROM ${table}`,
    });
    for (const { bucket, rollup, ...sensor } of stored.map(toBucket))
      mergeInto(found.at(sensor, bucket), rollup);
    for (const { type, sensor, minutes } of deltas.flatMap(({ sensors }) => sensors)) {
      for (const { bucket, rollup } of minutes)
        for (const key of [0, sensor])
          mergeInto(found.at({ type, sensor: key }, toStart(bucket)), fromDocument(rollup));
    }
    for (const { type, sensor, bucket, rollup } of found.list())
      expectRollup(rollup, expected.get(`${type} ${sensor} ${bucket}`) ?? []);
    expect(found.list()).toHaveLength(expected.size);
    buckets += expected.size;
  }
  return buckets;
}
