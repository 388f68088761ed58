import { randomFillSync, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { climateType, type Feature } from '@sensor-sentinel/contracts';
import { loadArtifact } from '@sensor-sentinel/model';
import type { Pool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createStorageKeys } from '../../storage/keys.ts';
import { createPool } from '../../storage/pool.ts';
import { climate } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { prepareModel } from '../models/prepare-model.ts';
import { type BoundModel, createServedModel } from '../models/served-model.ts';
import { createTypeRegistry } from '../types/type-registry.ts';
import type { ValidReading } from './check-readings.ts';
import { findReadingsByIds } from './find-readings.ts';
import { createGroupCommit } from './group-commit.ts';
import { ingestReadings } from './ingest.ts';
import { insertReadings } from './insert-readings.ts';

const { features } = climateType;

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

const artifactFile = fileURLToPath(
  new URL('../../../../model/artifacts/gradient-boosting.json', import.meta.url),
);
const bits = new Float64Array(16);

/** Random values of a feature: of any bits, widened from 32 bits, or evenly spread. */
function draw({ min, max }: Pick<Feature, 'min' | 'max'>): number {
  const [least, most] = [min ?? 0, max ?? 1];
  randomFillSync(bits);
  const candidates = [...bits, Math.fround(Math.random() * most), -0].filter(
    (value) => value >= least && value <= most,
  );
  return candidates[Math.floor(Math.random() * candidates.length)] ?? Math.random() * most;
}

function drawReading(model: BoundModel): ValidReading & { id: string } {
  return {
    id: randomUUID(),
    type: climate,
    sensorId: 'exact',
    timestamp: '2026-03-01T00:00:00.000Z',
    values: features.map(draw),
    model,
  };
}

describe('a stored reading', () => {
  test('has every feature bit for bit, so that each of 100 000 retries is a duplicate', async () => {
    const types = createTypeRegistry({ pool, defaultName: climate.name });
    const { sensors, models } = createStorageKeys({ pool, maxSensors: 1 });
    const groupCommit = createGroupCommit({
      commit: (rows) => insertReadings(pool, rows, { types, models }),
      maxRowsPerCommit: rowsPerBatch,
      maxQueuedRows: rowsPerBatch,
      maxQueueAgeMs: 60_000,
    });
    const options = { groupCommit, sensors, now: () => new Date('2026-03-01T00:00:00.000Z') };
    const prepared = prepareModel(await loadArtifact(artifactFile));
    const model = createServedModel(prepared, artifactFile).bind(climate);
    for (let batch = 0; batch < batches; batch++) {
      const inputs = Array.from({ length: rowsPerBatch }, () => drawReading(model));
      await ingestReadings(inputs, options);
      const retried = await ingestReadings(inputs, options);
      expect(new Set(retried.map(({ outcome }) => outcome))).toEqual(new Set(['duplicate']));
      const ids = inputs.map(({ id }) => id);
      const found = await findReadingsByIds(pool, types, ids);
      const stored = new Map(found.map((one) => [one.id, one.values]));
      const changed = inputs.filter(
        ({ id, values }) => !values.every((value, place) => Object.is(stored.get(id)?.[place], value)),
      );
      expect(changed).toEqual([]);
    }
  }, 300_000);
});
