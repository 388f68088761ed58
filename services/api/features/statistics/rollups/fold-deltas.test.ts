import { randomUUID } from 'node:crypto';
import { ledgerQuerySchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { selectRows } from '../../../storage/connection.ts';
import { createPool } from '../../../storage/pool.ts';
import { type ArrivedReading, climate, storeReadings } from '../../../testing/climate.ts';
import { expectRollupsToEqualRows } from '../../../testing/compare-rollups.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/create-test-database.ts';
import { findLedger } from '../../sensors/find-ledger.ts';
import { findSeries } from '../find-series.ts';
import { findStats } from '../find-stats.ts';
import { foldDeltas } from './fold-deltas.ts';

let database: TestDatabase;
let pool: Pool;
/** For snapshots. */
let reading: Pool;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 10, isWriting: true });
  reading = createPool({ databaseUrl: database.url, connections: 4 });
});

afterAll(async () => {
  await pool.end();
  await reading.end();
  await database.drop();
});

const start = Date.parse('2026-03-01T11:50:00.000Z');

/** One reading per second, of three sensors in turn. */
function createRows(from: number, count: number): ArrivedReading[] {
  return Array.from({ length: count }, (_, index) => {
    const second = from + index;
    const timestamp = new Date(start + second * 1000).toISOString();
    const values = { temperature: 20 + (second % 7), humidity: 50 + (second % 3), sound_volume: 60 };
    const result = { prediction: second % 4 === 0 ? (1 as const) : (0 as const), score: (second % 20) / 20 };
    const reading = { id: randomUUID(), sensor_id: `s-${second % 3}`, timestamp, ...values, ...result };
    return { receivedAt: timestamp, reading: { ...reading, model: 'test' } };
  });
}

/** Sums in a different order differ in their last bits. */
function round(answer: unknown): unknown {
  const toTwelveDigits = (_: string, value: unknown) =>
    typeof value === 'number' ? Number(value.toPrecision(12)) : value;
  return JSON.parse(JSON.stringify(answer, toTwelveDigits));
}

async function countDeltas(): Promise<number> {
  const sql = 'SELECT COUNT(*) AS count FROM rollup_deltas';
  const [row] = await selectRows<{ count: number }>(pool, { sql });
  return row?.count ?? -1;
}

async function countStored(): Promise<number[]> {
  const options = { type: climate, now: new Date(start), gapAfterMs: 60_000 };
  const { sensors } = await findLedger(reading, ledgerQuerySchema.parse({}), options);
  return sensors.map(({ stored }) => stored);
}

describe('foldDeltas', () => {
  test('folds all deltas without changing any answer', async () => {
    await storeReadings(pool, createRows(0, 900));
    expect(await countDeltas()).toBeGreaterThan(0);
    const answers = async () => ({
      stats: await findStats(reading, climate, { from: '2026-03-01T11:50:30.000Z' }),
      series: await findSeries(reading, climate, { points: 100 }),
      stored: await countStored(),
    });
    const before = await answers();
    expect(before.stats.count).toBe(870);
    expect(before.stored).toEqual([300, 300, 300]);
    await foldDeltas(pool);
    expect(await countDeltas()).toBe(0);
    expect(round(await answers())).toEqual(round(before));
    await expectRollupsToEqualRows(database.url);
  });

  test('counts each committed reading once in every answer, while two processes fold', async () => {
    const [known = 0] = [(await findStats(reading, climate, {})).count];
    let [committed, sent] = [known, known];
    let isWriting = true;
    const write = async (writer: number) => {
      for (let batch = 0; batch < 20; batch++) {
        sent += 15;
        await storeReadings(pool, createRows(1000 * (writer + 1) + batch * 15, 15));
        committed += 15;
      }
    };
    const fold = async () => {
      while (isWriting) await foldDeltas(pool);
    };
    const read = async () => {
      while (isWriting) {
        const atLeast = committed;
        const { count } = await findStats(reading, climate, {});
        const stored = (await countStored()).reduce((sum, of) => sum + of, 0);
        expect(count).toBeGreaterThanOrEqual(atLeast);
        expect(stored).toBeGreaterThanOrEqual(count);
        expect(stored).toBeLessThanOrEqual(sent);
      }
    };
    const others = [fold(), fold(), read()];
    await Promise.all([0, 1, 2].map(write)).finally(() => {
      isWriting = false;
    });
    await Promise.all(others);
    await foldDeltas(pool);
    expect(await countDeltas()).toBe(0);
    expect((await findStats(reading, climate, {})).count).toBe(known + 900);
    await expectRollupsToEqualRows(database.url);
  });

  test('marks hours with more than 200 readings as due, when they change', async () => {
    const listDue = () =>
      selectRows<{ bucket: string; changed_at: string }>(pool, {
        sql: 'SELECT bucket, changed_at FROM extremes_due ORDER BY bucket',
      });
    const before = await listDue();
    await storeReadings(pool, createRows(100_000, 200));
    await foldDeltas(pool);
    expect(await listDue()).toEqual(before);
    await storeReadings(pool, [...createRows(0, 1), ...createRows(100_200, 1)]);
    await foldDeltas(pool);
    const after = await listDue();
    expect(after.map(({ bucket }) => bucket)).toEqual([
      '2026-03-01 11:00:00',
      '2026-03-01 12:00:00',
      '2026-03-02 15:00:00',
    ]);
    const changed = after.filter(({ changed_at }) => before.every((due) => due.changed_at !== changed_at));
    expect(changed.map(({ bucket }) => bucket)).toEqual(['2026-03-01 11:00:00', '2026-03-02 15:00:00']);
  });
});
