import { randomUUID } from 'node:crypto';
import { type FleetQuery, fleetSchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { runTransaction, selectRows } from '../../storage/connection.ts';
import { createPool } from '../../storage/pool.ts';
import { type ArrivedReading, climate, storeReadings } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { type IncidentRecord, toIncidentStatements } from '../incidents/incident-rows.ts';
import { findFleet } from './find-fleet.ts';
import { foldDeltas } from './rollups/fold-deltas.ts';
import { hourMs, minuteMs } from './window-plan.ts';

const startMs = Date.parse('2026-03-01T12:00:00.000Z');
const nowMs = startMs + 2 * hourMs;
const toUtc = (timeMs: number) => new Date(timeMs).toISOString();

let database: TestDatabase;
let pool: Pool;
let writing: Pool;

interface Given {
  sensor_id: string;
  count: number;
  /** One in this many readings is an anomaly. */
  anomalyEvery: number;
  fromMs?: number;
}

/** A reading every 7 s. */
function toReadings({ sensor_id, count, anomalyEvery, fromMs = startMs }: Given): ArrivedReading[] {
  return Array.from({ length: count }, (_, index) => {
    const timestamp = toUtc(fromMs + index * 7000);
    const prediction = (index + 1) % anomalyEvery === 0 ? (1 as const) : (0 as const);
    const values = { temperature: 20, humidity: 50, sound_volume: 60 };
    const result = { prediction, score: prediction === 1 ? 0.9 : 0.1, model: 'test' };
    return {
      reading: { id: randomUUID(), sensor_id, timestamp, ...values, ...result },
      receivedAt: timestamp,
    };
  });
}

async function find(query: Partial<FleetQuery>, atMs = nowMs) {
  const options = { type: climate, now: new Date(atMs), silentAfterMs: 60_000 };
  const fleet = await findFleet(pool, { buckets: 120, ...query }, options);
  expect(fleetSchema.parse(fleet)).toEqual(fleet);
  return fleet;
}

/** The readings and anomalies in each bucket, counted one by one. The keys are a sensor and the place of a bucket: `hall 3`. */
async function countReadings(fleet: Awaited<ReturnType<typeof find>>) {
  const rows = await selectRows<{ sensor_id: string; ms: number; count: number; anomalies: number }>(pool, {
    sql: `SELECT name AS sensor_id, CAST(TIMESTAMPDIFF(MICROSECOND, ?, timestamp) / 1000 AS DOUBLE) AS ms,
      1 AS count, prediction AS anomalies FROM readings JOIN sensors ON sensors.id = readings.sensor`,
    values: [fleet.start.replace('T', ' ').replace('Z', '')],
  });
  const counts = new Map<string, { count: number; anomalies: number }>();
  for (const { sensor_id, ms, count, anomalies } of rows) {
    const place = Math.floor(ms / fleet.bucket_ms);
    if (place < 0 || place >= fleet.buckets) continue;
    const cell = counts.get(`${sensor_id} ${place}`) ?? { count: 0, anomalies: 0 };
    counts.set(`${sensor_id} ${place}`, {
      count: cell.count + count,
      anomalies: cell.anomalies + anomalies,
    });
  }
  return counts;
}

function toCells(fleet: Awaited<ReturnType<typeof find>>) {
  const cells = fleet.sensors.flatMap(({ sensor_id, bucket_count, bucket_anomalies }) =>
    bucket_count.map(
      (count, place) => [`${sensor_id} ${place}`, { count, anomalies: bucket_anomalies[place] }] as const,
    ),
  );
  return new Map(cells.filter(([, { count }]) => count > 0));
}

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 2 });
  writing = createPool({ databaseUrl: database.url, connections: 2, isWriting: true });
  const hours = { count: 1028, anomalyEvery: 50 };
  await storeReadings(writing, toReadings({ ...hours, sensor_id: 'calm', anomalyEvery: 5000 }));
  await storeReadings(writing, toReadings({ ...hours, sensor_id: 'lively', anomalyEvery: 10 }));
  await storeReadings(writing, toReadings({ ...hours, sensor_id: 'urgent' }));
  await storeReadings(writing, toReadings({ ...hours, sensor_id: 'handled' }));
  await storeReadings(
    writing,
    toReadings({ sensor_id: 'silent', count: 100, anomalyEvery: 5000, fromMs: startMs + 1 }),
  );
  await storeReadings(
    writing,
    toReadings({ sensor_id: 'old', count: 20, anomalyEvery: 2, fromMs: startMs - 72 * hourMs }),
  );
  await foldDeltas(writing);
  // Not folded yet.
  const late = { count: 9, anomalyEvery: 3, fromMs: nowMs - minuteMs };
  await storeReadings(writing, [
    ...toReadings({ ...late, sensor_id: 'calm', anomalyEvery: 5000 }),
    ...toReadings({ ...late, sensor_id: 'lively' }),
  ]);
});

afterAll(async () => {
  await writing.end();
  await pool.end();
  await database.drop();
});

describe('GET /fleet', () => {
  const windows = [
    { name: 'minutes', hours: 1, bucketMs: minuteMs },
    { name: 'ten minutes', hours: 19, bucketMs: 10 * minuteMs },
    { name: 'hours', hours: 100, bucketMs: hourMs },
    { name: 'whole days', hours: 24 * 200, bucketMs: 48 * hourMs },
  ];

  test.each(windows)('counts each sensor in buckets of $name', async ({ hours, bucketMs }) => {
    const fleet = await find({ from: toUtc(nowMs - hours * hourMs + 12_345) });
    expect(fleet.bucket_ms).toBe(bucketMs);
    expect(toCells(fleet)).toEqual(await countReadings(fleet));
    for (const { count, anomalies, bucket_count, bucket_anomalies } of fleet.sensors) {
      expect([bucket_count.length, bucket_anomalies.length]).toEqual([fleet.buckets, fleet.buckets]);
      expect(bucket_count.reduce((sum, some) => sum + some, 0)).toBe(count);
      expect(bucket_anomalies.reduce((sum, some) => sum + some, 0)).toBe(anomalies);
    }
  });

  test('covers the window with whole buckets', async () => {
    const [from, to] = [toUtc(startMs + 90_000), toUtc(startMs + 3 * minuteMs)];
    const fleet = await find({ from, to });
    expect(fleet).toMatchObject({ from, to, start: toUtc(startMs + minuteMs), buckets: 2, more: 0 });
  });

  test('takes every window', async () => {
    const all = await find({ from: '1970-01-01T00:00:00.000Z', to: '9998-12-31T00:00:00.000Z', buckets: 10 });
    expect(all.sensors.find(({ sensor_id }) => sensor_id === 'lively')?.count).toBe(1037);
    expect((await find({ from: '9998-01-01T00:00:00.000Z' })).sensors[0]?.count).toBe(0);
    expect((await find({ to: '1970-01-01T00:00:00.000Z' })).from).toBe('1969-12-31T00:00:00.000Z');
  });

  test('has the worst sensors first, and of retired ones only those with readings in the window', async () => {
    const order = async (hours: number) =>
      (await find({ from: toUtc(nowMs - hours * hourMs) })).sensors.map(({ sensor_id }) => sensor_id);
    expect(await order(3)).toEqual(['lively', 'handled', 'urgent', 'silent', 'calm']);
    expect(await order(100)).toEqual(['old', 'lively', 'handled', 'urgent', 'silent', 'calm']);
  });

  test('has the present states', async () => {
    const { sensors } = await find({ from: toUtc(startMs), sensor_id: ['silent', 'calm', 'nobody'] });
    expect(sensors).toMatchObject([
      { sensor_id: 'silent', state: 'silent', retired: false, silent_after_ms: 70_000 },
      { sensor_id: 'calm', state: 'normal', retired: false, newest_at: toUtc(nowMs - 4000) },
    ]);
  });

  test('has the incidents that overlap the window, and puts those that fire first', async () => {
    const rows = await selectRows<{ id: number; name: string }>(pool, {
      sql: 'SELECT id, name FROM sensors',
    });
    const keys = new Map(rows.map(({ id, name }) => [name, id]));
    const record = (name: string, minute: number, clearedMinute: number | null): IncidentRecord => ({
      ...{ id: randomUUID(), type: climate.id, sensor: keys.get(name) ?? 0, rule: 'Hot', ruleVersion: '0' },
      ...{ severity: 'warning', labels: {}, summary: '', description: '' },
      ...{ startedMs: startMs + minute * minuteMs, openedMs: startMs + minute * minuteMs },
      ...{ lastSeenMs: startMs + minute * minuteMs, readings: 1, anomalies: 1, peakScore: 1 },
      clearedMs: clearedMinute === null ? null : startMs + clearedMinute * minuteMs,
      peakReadingId: null,
    });
    const many = Array.from({ length: 25 }, (_, index) => record('calm', index, index + 0.5));
    const handled = record('handled', 5, null);
    await runTransaction(
      writing,
      toIncidentStatements([record('urgent', 10, null), record('urgent', -50, -40), handled, ...many]),
    );
    await writing.query('UPDATE incidents SET acknowledged_at = opened_at WHERE sensor = ?', [
      keys.get('handled'),
    ]);
    const { sensors } = await find({ from: toUtc(startMs), to: toUtc(nowMs) });
    const [urgent, handledNow, lively, , calm] = sensors;
    expect([handledNow?.sensor_id, lively?.sensor_id, calm?.sensor_id]).toEqual([
      'handled',
      'lively',
      'calm',
    ]);
    expect(urgent?.incidents).toMatchObject([
      { rule: 'Hot', started_at: toUtc(startMs + 10 * minuteMs), ended_at: null, acknowledged: false },
    ]);
    expect(handledNow?.incidents).toMatchObject([{ id: handled.id, acknowledged: true }]);
    expect(calm).toMatchObject({ more_incidents: 5 });
    expect(calm?.incidents[0]).toMatchObject({ ended_at: toUtc(startMs + 24.5 * minuteMs) });
    expect(calm?.incidents).toHaveLength(20);
    const before = await find({ from: toUtc(startMs), to: toUtc(startMs + 7 * minuteMs) });
    expect(before.sensors[0]?.sensor_id).toBe('handled');
  });

  test('has at most 1000 sensors, and fewer buckets of each', async () => {
    const names = Array.from({ length: 1003 }, (_, index) => `many-${index}`);
    await storeReadings(
      writing,
      names.flatMap((sensor_id) =>
        toReadings({ sensor_id, count: 1, anomalyEvery: 1, fromMs: nowMs - minuteMs }),
      ),
    );
    const fleet = await find({ from: toUtc(nowMs - 2 * hourMs) });
    expect([fleet.sensors.length, fleet.more]).toEqual([1000, 9]);
    expect(fleet.buckets).toBe(60);
    expect(fleet.sensors[0]?.sensor_id).toBe('urgent');
  });
});
