import { randomFillSync, randomUUID } from 'node:crypto';
import type { ReadingInput } from '@sensor-sentinel/contracts';
import { featureValuesSchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createPool } from '../../storage/pool.ts';
import { type ArrivedReading, climate, storeReadings } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { findReadingsByIds } from './find-readings.ts';
import { createGroupCommit } from './group-commit.ts';
import { ingestReadings } from './ingest.ts';

const batches = 100;
const rowsPerBatch = 1000;

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 2, isWriting: true });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

const { temperature, humidity, sound_volume } = featureValuesSchema.shape;
const bits = new Float64Array(16);

/** Random values of a feature: of any bits, widened from 32 bits, or evenly spread. */
function draw(schema: { safeParse: (value: number) => { success: boolean } }, most: number): number {
  randomFillSync(bits);
  const candidates = [...bits, Math.fround(Math.random() * most), -0].filter(
    (value) => schema.safeParse(value).success,
  );
  return candidates[Math.floor(Math.random() * candidates.length)] ?? Math.random() * most;
}

function drawReading(): ReadingInput {
  return {
    id: randomUUID(),
    sensor_id: 'exact',
    timestamp: '2026-03-01T00:00:00.000Z',
    temperature: draw(temperature, 1000),
    humidity: draw(humidity, 100),
    sound_volume: draw(sound_volume, 200),
  };
}

describe('a stored reading', () => {
  test('has every feature bit for bit, so that each of 100 000 retries is a duplicate', async () => {
    const groupCommit = createGroupCommit({
      commit: (rows) => storeReadings(pool, rows),
      maxRowsPerCommit: rowsPerBatch,
      maxQueuedRows: rowsPerBatch,
      maxQueueAgeMs: 60_000,
    });
    const now = () => new Date('2026-03-01T00:00:00.000Z');
    const score = () => ({ prediction: 0 as const, score: Math.random(), model: 'test' });
    for (let batch = 0; batch < batches; batch++) {
      const inputs = Array.from({ length: rowsPerBatch }, drawReading);
      await ingestReadings(inputs, { groupCommit, score, now });
      const retried = await ingestReadings(inputs, { groupCommit, score, now });
      expect(new Set(retried.map(({ outcome }) => outcome))).toEqual(new Set(['duplicate']));
      const stored = new Map(
        (
          await findReadingsByIds(
            pool,
            inputs.map(({ id }) => String(id)),
          )
        ).map((one) => [one.id, one]),
      );
      const changed = inputs.filter((input) => {
        const found = stored.get(String(input.id));
        return !(
          Object.is(found?.temperature, input.temperature) &&
          Object.is(found?.humidity, input.humidity) &&
          Object.is(found?.sound_volume, input.sound_volume)
        );
      });
      expect(changed).toEqual([]);
    }
  }, 300_000);
});
