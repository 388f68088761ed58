import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Pool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createAdminConnection } from '../../storage/admin-connection.ts';
import { inSnapshot } from '../../storage/connection.ts';
import type { Position } from '../../storage/cursor.ts';
import { climateKey, createStorageKeys, toSensorName } from '../../storage/keys.ts';
import { createPool } from '../../storage/pool.ts';
import { climate } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { rescoreReadings } from '../models/rescore.ts';
import { removeExpired } from '../statistics/retention/retention.ts';
import { buildExtremes } from '../statistics/rollups/build-extremes.ts';
import { foldDeltas } from '../statistics/rollups/fold-deltas.ts';
import { findLists } from '../statistics/rollups/stored-extremes.ts';
import { hourMs, minuteMs } from '../statistics/window-plan.ts';
import { createTypeRegistry } from '../types/type-registry.ts';
import { insertReadings } from './insert-readings.ts';
import type { KeyedSelection } from './reading-filters.ts';
import type { ScoredReading } from './reading-row.ts';
import { sortReadings, toPosition } from './select-readings.ts';
import { scanZones } from './zone-scan.ts';

const start = Date.parse('2026-03-01T10:00:00.000Z');
const spanMs = 3 * hourMs;

let database: TestDatabase;
let pool: Pool;
let writing: Pool;

/** A deterministic pseudorandom number in [0, 1). */
function scatter(index: number): number {
  return Math.abs((Math.sin(index * 12.9898) * 43_758.5453) % 1);
}

/** Readings with many equal values and timestamps, and some missing values. Half of them are in three minutes. */
function toRow(index: number): Omit<ScoredReading, 'sensor'> {
  const minute = index % 2 === 0 ? ([3, 64, 65][index % 3] ?? 0) : Math.floor(scatter(index) * 180);
  const timestamp = new Date(
    start + minute * minuteMs + Math.floor(scatter(index + 1) * 60) * 1000,
  ).toISOString();
  const values = [
    20 + Math.floor(scatter(index + 2) * 30) / 10 + (minute === 65 ? 2 : 0),
    index % 5 === 0 ? null : 50 + scatter(index + 3),
    60,
  ];
  const scored = {
    prediction: index % 7 === 0 ? (1 as const) : (0 as const),
    score: index % 3 === 0 ? 1 : scatter(index + 4),
  };
  const result =
    index % 11 === 0 ? { prediction: null, score: null, model: null } : { ...scored, model: 'test' };
  const reading = {
    id: randomUUID(),
    type: climate,
    sensor_id: `s-${index % 3}`,
    timestamp,
    values,
    ...result,
  };
  return { reading, receivedAt: timestamp };
}

async function store(rows: readonly Omit<ScoredReading, 'sensor'>[]): Promise<void> {
  const { sensors, models } = createStorageKeys({ pool: writing, maxSensors: 100 });
  const nameOf = (row: (typeof rows)[number]) => toSensorName(climateKey, row.reading.sensor_id);
  await sensors.learn(new Set(rows.map(nameOf)));
  const types = createTypeRegistry({ pool: writing, defaultName: climate.name });
  const scored = rows.map((row) => ({ ...row, sensor: sensors.known(nameOf(row)) ?? 0 }));
  await insertReadings(writing, scored, { types, models });
}

function toRows(first: number, length: number) {
  return Array.from({ length }, (_, place) => toRow(first + place));
}

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 4 });
  writing = createPool({ databaseUrl: database.url, connections: 2, isWriting: true });
  let inserted = 0;
  for (let commit = 0; inserted < 12_000; commit++) {
    const rows = toRows(inserted, [1, 40, 600][commit % 3] ?? 1);
    // Readings that are sent again are not stored again.
    const again = commit % 4 === 3 ? rows.slice(0, 3) : [];
    await store(rows);
    await store(again);
    inserted += rows.length;
    if (commit % 8 === 5) await foldDeltas(writing);
  }
});

afterAll(async () => {
  await pool.end();
  await writing.end();
  await database.drop();
});

/** Any time, at or shortly after a whole minute or hour, from just before to just after the readings. */
const time = fc
  .tuple(
    fc.integer({ min: -minuteMs, max: spanMs + minuteMs }),
    fc.constantFrom(1, minuteMs, hourMs),
    fc.constantFrom(0, 20_000),
  )
  .map(([offset, step, addedMs]) =>
    new Date(start + Math.floor(offset / step) * step + addedMs).toISOString(),
  );
const end = fc.option(time, { nil: undefined });

const selections = fc
  .record({
    times: fc.tuple(end, end),
    sort: fc.constantFrom('temperature', 'humidity', 'sound_volume', 'score'),
    order: fc.constantFrom<'asc' | 'desc'>('asc', 'desc'),
    sensors: fc.constantFrom(undefined, undefined, undefined, [1], [1, 2, 3]),
    prediction: fc.constantFrom<0 | 1 | undefined>(undefined, undefined, undefined, 0, 1),
    ranges: fc.constantFrom(
      [],
      [],
      [],
      [{ name: 'temperature', min: undefined, max: 22.5 }],
      [{ name: 'score', min: 0.1, max: 0.9 }],
    ),
  })
  .map(({ times: [one, other], ...selection }): KeyedSelection => {
    const isSwapped = one !== undefined && other !== undefined && one > other;
    const [from, to] = isSwapped ? [other, one] : [one, other];
    return { ...selection, type: climate, sorted: 'present', from, to };
  });

async function expectSamePages(selection: KeyedSelection, limit: number): Promise<void> {
  let after: Position | undefined;
  for (let page = 0; page < 3; page++) {
    const options = { after, limit, limitMs: 6000 };
    const sorted = await sortReadings(pool, selection, options);
    expect(await scanZones(pool, selection, options)).toEqual(sorted);
    const last = sorted.at(-1);
    if (last === undefined) return;
    after = toPosition(last, selection);
  }
}

function build(): Promise<void> {
  return buildExtremes(writing, { now: new Date('2099-01-01T00:00:00.000Z'), maxReadings: 1_000_000 });
}

/** The minutes and hours whose lists of a value a query can use. */
function listUsable(place: number | 'score'): Promise<string[]> {
  const query = { type: climate.id, place, side: 'lowest' as const };
  const toBuckets = (times: readonly string[]) => times.map((time) => `2026-03-01 ${time}:00`);
  return inSnapshot(pool, async (select) => {
    const minutes = { ...query, buckets: toBuckets(['10:03', '11:04', '11:05']) };
    const hours = { ...query, buckets: toBuckets(['10:00', '11:00', '12:00']) };
    const found = [
      ...(await findLists(select, 'extremes_minute', minutes)).keys(),
      ...(await findLists(select, 'extremes_hour', hours)).keys(),
    ];
    return found.map((bucket) => bucket.slice(11, 16));
  });
}

function checkPages(seed: number): Promise<void> {
  const property = fc.asyncProperty(selections, fc.constantFrom(1, 10, 51, 200), expectSamePages);
  return fc.assert(property, { numRuns: 60, seed });
}

describe('scanZones', () => {
  test('finds the same pages as sorting all readings, while deltas wait', async () => {
    await checkPages(1);
  });

  test('finds the same pages when all deltas are folded', async () => {
    await foldDeltas(writing);
    await checkPages(2);
  });

  test('finds the same pages with lists of extremes', async () => {
    await build();
    expect(await listUsable(0)).toEqual(['10:03', '11:04', '11:05', '10:00', '11:00', '12:00']);
    await checkPages(3);
  });

  test('finds the same pages when some lists lack readings, while deltas wait and after', async () => {
    await store(toRows(20_000, 1));
    await checkPages(4);
    await foldDeltas(writing);
    expect(await listUsable(0)).toHaveLength(4);
    await checkPages(5);
  });

  test('finds the same pages when some lists lack scores that a model added later', async () => {
    await build();
    const admin = createPool({ databaseUrl: database.adminUrl, connections: 1, isWriting: true });
    const { models } = createStorageKeys({ pool: admin, maxSensors: 100 });
    const score = () => ({ prediction: 1 as const, score: 0.999, model: 'later' });
    await rescoreReadings({
      ...{ pool: admin, type: climate, models, model: { name: 'later', acceptsMissing: true, score } },
      sinceMs: start + 65 * minuteMs,
      onProgress: () => undefined,
    });
    await foldDeltas(writing);
    await admin.end();
    expect(await listUsable('score')).toEqual(['10:03', '11:04', '10:00']);
    expect(await listUsable(0)).toHaveLength(6);
    await checkPages(6);
    await build();
    expect(await listUsable('score')).toHaveLength(6);
    await checkPages(7);
  });

  test('finds the same pages after retention has removed an hour', async () => {
    await foldDeltas(writing);
    const admin = await createAdminConnection(database.adminUrl);
    await removeExpired(admin, {
      limits: { RETENTION_RAW: hourMs, RETENTION_MINUTE: undefined, RETENTION_HOUR: undefined },
      now: new Date(start + 2 * hourMs),
      stepRows: 1000,
      pause: async () => undefined,
    });
    const [rows] = await admin.query("SELECT 1 FROM extremes_hour WHERE bucket = '2026-03-01 10:00:00'");
    expect(rows).toEqual([]);
    await checkPages(8);
    await admin.end();
  });
});
