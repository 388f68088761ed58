import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import type { Connection, Pool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createAdminConnection } from '../../../storage/admin-connection.ts';
import { selectRows } from '../../../storage/connection.ts';
import { createPool } from '../../../storage/pool.ts';
import {
  type ArrivedReading,
  climate,
  storeReadings,
  storeTyped,
  toTyped,
} from '../../../testing/climate.ts';
import { expectRollupsToEqualRows } from '../../../testing/compare-rollups.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/create-test-database.ts';
import { toStoredReading } from '../../readings/reading-row.ts';
import { insertType } from '../../types/change-types.ts';
import type { LoadedType } from '../../types/sensor-type.ts';
import { createTypeRegistry } from '../../types/type-registry.ts';
import { Buckets } from './buckets.ts';
import { foldDeltas } from './fold-deltas.ts';
import { addReading, createRollup, fromDocument, momentsOf, toDocument, toMinute } from './rollup.ts';
import { type RollupFault, verifyRollups } from './verify-rollups.ts';

let database: TestDatabase;
let pool: Pool;
let verifying: Connection;
let pump: LoadedType;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 8, isWriting: true });
  verifying = await createAdminConnection(database.url);
  pump = await createPumpType();
});

afterAll(async () => {
  await pool.end();
  await verifying.end();
  await database.drop();
});

async function createPumpType(): Promise<LoadedType> {
  const limits = { unit: '', min: null, max: null, decimals: null };
  const features = ['pressure', 'flow', 'current', 'vibration'].map((name) => ({
    name,
    title: name,
    ...limits,
  }));
  await insertType(pool, { name: 'pump', features }, 2);
  return createTypeRegistry({ pool, defaultName: climate.name }).require('pump');
}

const start = Date.parse('2026-03-01T11:58:00.000Z');

/** Without −0, which is equal to 0 but not the same. */
const double = (range: { min: number; max: number }) =>
  fc.double({ ...range, noNaN: true }).map((value) => value + 0);

const scoredReading = fc
  .record({
    id: fc.uuid(),
    sensor_id: fc.constantFrom('a', 'B', 'b', 'é', '’; DROP', "o'hara\\", '🙂'),
    timestamp: fc.integer({ min: 0, max: 6 * 60_000 }).map((ms) => new Date(start + ms).toISOString()),
    temperature: double({ min: -273.15, max: 1000 }),
    humidity: double({ min: 0, max: 100 }),
    sound_volume: fc.constantFrom(60, 60.1, 1e-300, 5e-324, 200),
    score: fc.oneof(double({ min: 0, max: 1 }), fc.constantFrom(0, 0.05, 0.95, 1)),
    prediction: fc.constantFrom<0 | 1>(0, 1),
  })
  .map((reading): ArrivedReading => {
    const receivedAt = '2026-03-01T12:10:00.000Z';
    return { reading: { ...reading, model: 'test' }, receivedAt };
  });

type Typed = ReturnType<typeof toTyped>;

const value = fc.oneof(double({ min: -1000, max: 1000 }), fc.constantFrom(0, 7, 0.1, null));

/** A reading of either type, which may lack values, or a score. */
function typedReading(): fc.Arbitrary<Typed> {
  const types = { climate: { type: climate, width: 3 }, pump: { type: pump, width: 4 } };
  return fc
    .record({
      ofClimate: scoredReading.map(toTyped),
      name: fc.constantFrom<keyof typeof types>('climate', 'pump'),
      values: fc.array(value, { minLength: 4, maxLength: 4 }),
      isScored: fc.boolean(),
    })
    .map(({ ofClimate: { reading, receivedAt }, name, values, isScored }) => {
      const { type, width } = types[name];
      const scored = isScored ? {} : { prediction: null, score: null, model: null };
      return { reading: { ...reading, ...scored, type, values: values.slice(0, width) }, receivedAt };
    });
}

async function countRows(): Promise<number> {
  const [row] = await selectRows<{ count: number }>(pool, { sql: 'SELECT COUNT(*) AS count FROM readings' });
  return row?.count ?? -1;
}

describe('Buckets', () => {
  test('lists the statistics of each sensor and bucket, in order of the primary key', () => {
    const buckets = new Buckets();
    for (const [type, sensor, utc, temperature] of [
      [2, 0, '2026-03-01T12:00:00.000Z', 24],
      [1, 2, '2026-03-01T12:00:59.999Z', 20],
      [1, 1, '2026-03-01T12:00:00.000Z', 24],
      [1, 2, '2026-03-01T11:59:59.999Z', 22],
      [1, 2, '2026-03-01T12:00:00.000Z', 24],
    ] as const)
      addReading(buckets.at({ type, sensor }, toMinute(utc)), {
        values: [temperature, 50, 60],
        prediction: 1,
        score: 1,
      });
    const listed = buckets.list();
    expect(listed.map(({ type, sensor, bucket, rollup }) => [type, sensor, bucket, rollup.count])).toEqual([
      [1, 1, '2026-03-01 12:00:00', 1],
      [1, 2, '2026-03-01 11:59:00', 1],
      [1, 2, '2026-03-01 12:00:00', 2],
      [2, 0, '2026-03-01 12:00:00', 1],
    ]);
    const { anomalies, features, bins } = listed[2]?.rollup ?? createRollup();
    expect(anomalies).toBe(2);
    expect(features[0]).toEqual({ count: 2, mean: 22, deviations: 8, min: 20, max: 24 });
    expect(bins).toEqual([...Array(19).fill(0), 2]);
  });
});

describe('a rollup document', () => {
  const rollup = fc
    .array(
      fc.record({
        values: fc.tuple(
          double({ min: -273.15, max: 1000 }),
          fc.option(double({ min: 0, max: 100 })),
          fc.constantFrom(60, 60.1, null),
        ),
        score: fc.option(double({ min: 0, max: 1 })),
        prediction: fc.constantFrom<0 | 1>(0, 1),
      }),
    )
    .map((readings) => {
      const made = createRollup();
      for (const reading of readings) addReading(made, reading);
      return made;
    });

  test('is read back as it was written, except for the last bits of equal values', () => {
    fc.assert(
      fc.property(rollup, (made) => {
        const read = fromDocument(JSON.parse(JSON.stringify(toDocument(made))));
        expect(toDocument(read)).toEqual(toDocument(made));
        expect([read.count, read.anomalies, read.bins]).toEqual([made.count, made.anomalies, made.bins]);
        for (const place of [0, 1, 2, 'score'] as const) {
          const [one, other] = [momentsOf(read, place), momentsOf(made, place)];
          expect([one.count, one.min, one.max]).toEqual([other.count, other.min, other.max]);
          if (other.min !== other.max) expect(one).toEqual(other);
        }
      }),
    );
  });
});

describe('insertReadings', () => {
  test('keeps the rollups equal to the rows in any order of arrival', async () => {
    const commits = fc.array(
      fc.uniqueArray(scoredReading, { selector: ({ reading }) => reading.id, maxLength: 40 }),
    );
    await fc.assert(
      fc.asyncProperty(commits, async (batches) => {
        for (const [index, batch] of batches.entries()) {
          await storeReadings(pool, batch);
          if (index % 2 === 1) await foldDeltas(pool);
        }
        await expectRollupsToEqualRows(database.url);
      }),
      { numRuns: 12 },
    );
    expect(await countRows()).toBeGreaterThan(0);
  });

  test('keeps the rollups of two types equal to the rows, also of readings without a value or a score', async () => {
    const commits = fc.array(
      fc.uniqueArray(typedReading(), { selector: ({ reading }) => reading.id, maxLength: 40 }),
      { minLength: 1 },
    );
    const faults: RollupFault[] = [];
    await fc.assert(
      fc.asyncProperty(commits, async (batches) => {
        for (const [index, batch] of batches.entries()) {
          await storeTyped(pool, batch);
          if (index % 2 === 1) await foldDeltas(pool);
        }
        await expectRollupsToEqualRows(database.url);
        await verifyRollups(verifying, { isRepairing: false, onFault: (fault) => faults.push(fault) });
        expect(faults).toEqual([]);
      }),
      { numRuns: 12 },
    );
    const sql = `SELECT type, COUNT(*) AS count FROM readings WHERE score IS NULL AND features LIKE '%null%'
      GROUP BY type ORDER BY type`;
    const counts = await selectRows<{ type: number; count: number }>(pool, { sql });
    expect(counts.map(({ type }) => type)).toEqual([climate.id, pump.id]);
  });

  test('counts a duplicate once, and the new readings of its batch', async () => {
    const [first, second, third] = fc.sample(scoredReading.map(toTyped), 3) as [Typed, Typed, Typed];
    const before = await countRows();
    await storeTyped(pool, [first, second]);
    const other = { ...second, reading: { ...second.reading, values: [999, 50, 60] } };
    const committed = await storeTyped(pool, [third, first, other]);
    const stored = committed.get(second.reading.id);
    expect(stored && toStoredReading(stored)).toEqual(toStoredReading(second.reading));
    expect(committed.get(third.reading.id)).toBe(third.reading);
    expect(await countRows()).toBe(before + 3);
    await expectRollupsToEqualRows(database.url);
  });

  test('stays exact when many writers store overlapping readings of the same sensors', async () => {
    const before = await countRows();
    const readings = fc
      .sample(scoredReading, 300)
      .map(({ receivedAt, reading }) => ({ receivedAt, reading: { ...reading, id: randomUUID() } }));
    const write = async (writer: number) => {
      for (let from = 0; from < readings.length; from += 30) {
        const rows = readings.slice(from, from + 50);
        await storeReadings(pool, writer % 2 === 0 ? rows : rows.toReversed(), {
          fenceShard: writer % 2,
        });
      }
    };
    await Promise.all([...[0, 1, 2, 3].map(write), foldDeltas(pool)]);
    expect(await countRows()).toBe(before + readings.length);
    await expectRollupsToEqualRows(database.url);
  });

  test('stores nothing of a commit that fails', async () => {
    const before = await countRows();
    const [good, bad] = fc.sample(scoredReading, 2) as [ArrivedReading, ArrivedReading];
    const broken = { ...bad, reading: { ...bad.reading, score: Number.NaN } };
    await expect(storeReadings(pool, [good, broken])).rejects.toThrow('NaN');
    expect(await countRows()).toBe(before);
    await storeReadings(pool, [good]);
    await expectRollupsToEqualRows(database.url);
  });
});
