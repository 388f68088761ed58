import { type Episode, type EpisodesQuery, episodesPageSchema } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import type { Pool } from 'mysql2/promise';
import { v7 } from 'uuid';
import { afterAll, beforeAll, beforeEach, describe, expect, inject, test } from 'vitest';
import { change } from '../../storage/connection.ts';
import { createPool } from '../../storage/pool.ts';
import { type ClimateReading, climate, storeReadings } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { listEpisodes } from './list-episodes.ts';

const start = Date.parse('2026-03-01T10:00:00.000Z');
const at = (second: number) => new Date(start + second * 1000).toISOString();

let database: TestDatabase;
let pool: Pool;
let admin: Pool;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 4, isWriting: true });
  admin = createPool({ databaseUrl: database.adminUrl, connections: 1 });
});

afterAll(async () => {
  await pool.end();
  await admin.end();
  await database.drop();
});

beforeEach(clear);

async function clear(): Promise<void> {
  for (const table of ['readings', 'anomalies', 'rollup_deltas', 'sensor_states', 'sensors'])
    await change(admin, { sql: `DELETE FROM ${table}` });
}

interface Arrival {
  sensor: string;
  second: number;
  prediction: 0 | 1;
  score?: number;
}

function toReading({ sensor, second, prediction, score = prediction * 0.9 }: Arrival): ClimateReading {
  const values = { temperature: 24, humidity: 52, sound_volume: 60 };
  return { id: v7(), sensor_id: sensor, timestamp: at(second), ...values, prediction, score, model: 'test' };
}

/** The readings arrive in the given order. */
async function store(arrivals: readonly Arrival[]): Promise<void> {
  const readings = arrivals.map(toReading);
  await storeReadings(
    pool,
    readings.map((reading) => ({ reading, receivedAt: reading.timestamp })),
  );
}

/** One reading per second: `1` is an anomaly, `0` is normal. */
function toArrivals(sensor: string, predictions: string, first = 0): Arrival[] {
  return [...predictions].map((digit, index) => ({
    sensor,
    second: first + index,
    prediction: digit === '1' ? 1 : 0,
  }));
}

type Window = Partial<EpisodesQuery>;

async function listAll(query: Window, limit = 50): Promise<Episode[]> {
  const episodes: Episode[] = [];
  let cursor: string | undefined;
  for (let pages = 0; pages < 200; pages++) {
    const page = episodesPageSchema.parse(await listEpisodes(pool, climate, { ...query, limit, cursor }));
    expect(page.episodes.length).toBeLessThanOrEqual(limit);
    episodes.push(...page.episodes);
    if (page.next_cursor === null) return episodes;
    cursor = page.next_cursor;
  }
  throw new Error('the pages do not end');
}

interface ExpectedEpisode {
  episode: Episode;
  seconds: number[];
}

/** Finds episodes in a single pass over all readings of a sensor, in the order of time and arrival. */
function toExpected(arrivals: readonly Arrival[], sensor: string): ExpectedEpisode[] {
  const found: ExpectedEpisode[] = [];
  let isRunning = false;
  const ordered = arrivals.filter((one) => one.sensor === sensor).toSorted((a, b) => a.second - b.second);
  for (const { second, prediction, score = prediction * 0.9 } of ordered) {
    const last = found.at(-1);
    if (prediction === 0 && isRunning && last)
      last.episode = { ...last.episode, state: 'closed', closed_at: at(second) };
    if (prediction === 1 && isRunning && last) {
      const { count, peak_score } = last.episode;
      const peak = Math.max(peak_score, score);
      last.episode = { ...last.episode, end: at(second), count: count + 1, peak_score: peak };
      last.seconds.push(second);
    } else if (prediction === 1) {
      const bounds = { start: at(second), end: at(second), closed_at: null };
      const episode = { sensor_id: sensor, state: 'open' as const, ...bounds, count: 1, peak_score: score };
      found.push({ episode, seconds: [second] });
    }
    isRunning = prediction === 1;
  }
  return found;
}

function isWithin(timestamp: string, { from, to }: Window): boolean {
  return (from === undefined || timestamp >= from) && (to === undefined || timestamp < to);
}

function expectSame(found: readonly Episode[], arrivals: readonly Arrival[], query: Window): void {
  const sensors = [...new Set(arrivals.map(({ sensor }) => sensor))];
  const queried = sensors.filter((sensor) => query.sensor_id?.includes(sensor) ?? true);
  const all = queried.flatMap((sensor) => toExpected(arrivals, sensor));
  const expected = all.filter(({ seconds }) => seconds.some((second) => isWithin(at(second), query)));
  const byKey = (a: Episode, b: Episode) =>
    JSON.stringify(a) < JSON.stringify(b) ? -1 : Number(JSON.stringify(a) !== JSON.stringify(b));
  expect(found.toSorted(byKey)).toEqual(expected.map(({ episode }) => episode).toSorted(byKey));
  const newest = found.map((episode) => {
    const one = all.find(({ episode: expected }) => JSON.stringify(expected) === JSON.stringify(episode));
    return Math.max(...(one?.seconds ?? []).filter((second) => isWithin(at(second), query)));
  });
  expect(newest).toEqual(newest.toSorted((a, b) => b - a));
}

const fewNames = ['attic', 'cellar', 'Ünter "Deck"'];
const manyNames = Array.from({ length: 25 }, (_, index) => `s-${index}`);

function arrivals(names: readonly string[], readings: number): fc.Arbitrary<Arrival[]> {
  const one = fc.record({
    sensor: fc.constantFrom(...names),
    second: fc.integer({ min: 0, max: 60 }),
    prediction: fc.constantFrom(0 as const, 1 as const, 1 as const),
    score: fc.double({ min: 0, max: 1, noNaN: true }),
  });
  return fc.array(one, { minLength: 1, maxLength: readings });
}

const anyWindow = fc
  .tuple(fc.option(fc.integer({ min: 0, max: 61 })), fc.option(fc.integer({ min: 0, max: 61 })))
  .map(([a, b]): Window => {
    const [from, to] = a !== null && b !== null && a >= b ? [b, a + 1] : [a, b];
    return { ...(from !== null && { from: at(from) }), ...(to !== null && { to: at(to) }) };
  });

describe('GET /alerts/episodes', () => {
  test.each([
    ['few', fewNames, 80],
    ['many', manyNames, 150],
  ])('of %s sensors equal those of a pass over all readings', async (_, names, readings) => {
    const chosen = fc.option(fc.subarray([...names.slice(0, 3)], { minLength: 1 }), { nil: undefined });
    const property = fc.asyncProperty(
      arrivals(names, readings),
      fc.array(fc.tuple(anyWindow, chosen, fc.integer({ min: 1, max: 4 })), { minLength: 4, maxLength: 4 }),
      async (stored, queries) => {
        await clear();
        await store(stored);
        for (const [window, sensor_id, limit] of queries) {
          const query = { ...window, ...(sensor_id && { sensor_id }) };
          expectSame(await listAll(query, limit), stored, query);
        }
      },
    );
    await fc.assert(property, { numRuns: 15, seed: 12 });
  });

  test('a normal reading ends an episode, even if it arrives late', async () => {
    await store(toArrivals('attic', '0111'));
    expect(await listAll({})).toMatchObject([{ state: 'open', start: at(1), end: at(3), count: 3 }]);
    await store([{ sensor: 'attic', second: 2.5, prediction: 0 }]);
    expect(await listAll({})).toMatchObject([
      { state: 'open', closed_at: null, start: at(3), count: 1 },
      { state: 'closed', closed_at: at(2.5), start: at(1), end: at(2), count: 2 },
    ]);
  });

  test('an episode that the window cuts is returned whole', async () => {
    await store(toArrivals('attic', '0111111110'));
    expect(await listAll({ from: at(3), to: at(5) })).toMatchObject([
      { start: at(1), end: at(8), closed_at: at(9), count: 8 },
    ]);
    expect(await listAll({ from: at(9) })).toEqual([]);
  });

  test('a long run is skipped, and its peak is found', async () => {
    const long = toArrivals('attic', '1'.repeat(3000), 100).map((one) => ({ ...one, score: 0.7 }));
    const peak = { ...toArrivals('attic', '1', 1500)[0], score: 0.8 } as Arrival;
    await store([...toArrivals('attic', '010'), ...long, peak]);
    await store([{ sensor: 'cellar', second: 1500, prediction: 1, score: 0.99 }]);
    expect(await listAll({}, 1)).toMatchObject([
      { sensor_id: 'attic', start: at(100), end: at(3099), count: 3001, peak_score: 0.8, state: 'open' },
      { sensor_id: 'cellar', count: 1 },
      { sensor_id: 'attic', start: at(1), count: 1, closed_at: at(2) },
    ]);
  });

  test('long runs of many sensors do not hide older episodes', async () => {
    const sensors = Array.from({ length: 22 }, (_, index) => `s-${index}`);
    await store([{ sensor: 'old', second: 0, prediction: 1 }]);
    for (const sensor of sensors) await store(toArrivals(sensor, '1'.repeat(300), 10));
    const episodes = await listAll({}, 5);
    expect(episodes).toHaveLength(23);
    expect(episodes.at(-1)?.sensor_id).toBe('old');
  });
});
