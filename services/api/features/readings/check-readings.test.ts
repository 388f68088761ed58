import type { Pool } from 'mysql2/promise';
import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createPool } from '../../storage/pool.ts';
import { climate } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { createModelsInUse } from '../models/models-in-use.ts';
import type { Ledger } from '../sensors/ledger.ts';
import { insertType } from '../types/change-types.ts';
import { createTypeRegistry } from '../types/type-registry.ts';
import { checkRows } from './check-readings.ts';

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 1 });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

/** Checks readings of types without a model. */
function createCheck() {
  const outcomes: Parameters<Ledger['addOutcome']>[0][] = [];
  const inUse = createModelsInUse(pino({ level: 'silent' }));
  inUse.setUnread(undefined);
  const types = createTypeRegistry({ pool, defaultName: climate.name });
  const options = {
    ...{ types, inUse, now: () => new Date('2026-03-01T00:00:00.000Z') },
    ledger: { addOutcome: (outcome: (typeof outcomes)[number]) => outcomes.push(outcome) },
  };
  return { check: (body: unknown) => checkRows([body], options), types, outcomes };
}

describe('checkRows', () => {
  test.each([
    [{ sensor_id: 'attic' }, '1 attic'],
    [{}, '1 default'],
    [{ type: 'climate', sensor_id: 'attic' }, '1 attic'],
    [{ type: 'unknown', sensor_id: 'attic' }, undefined],
    [{ sensor_id: 7 }, undefined],
    [{ sensor_id: ' ' }, undefined],
    [null, undefined],
    [['attic'], undefined],
    ['attic', undefined],
  ])('attributes the rejection of %j to %j', async (body, sensor) => {
    const { check, outcomes } = createCheck();
    expect((await check(body))[0]?.errors).not.toBeUndefined();
    expect(outcomes).toEqual([{ sensor, outcome: 'rejected' }]);
  });

  test('puts values in the order of the type, with null for missing ones', async () => {
    const { check, outcomes } = createCheck();
    const [checked] = await check({ sound_volume: 60, temperature: 24, humidity: null });
    expect(checked?.input).toMatchObject({ sensorId: 'default', values: [24, null, 60], model: undefined });
    expect(outcomes).toEqual([]);
  });

  test('accepts a type that was added after the types were read', async () => {
    const { check, types } = createCheck();
    await types.refresh();
    const [unknown] = await check({ type: 'pump', pressure: 3 });
    expect(unknown?.errors).toMatchObject([{ path: 'type' }]);
    const feature = { name: 'pressure', title: 'Pressure', unit: 'bar', min: 0, max: null, decimals: null };
    await insertType(pool, { name: 'pump', features: [feature] }, 2);
    const [known] = await check({ type: 'pump', pressure: 3 });
    expect(known?.input).toMatchObject({ values: [3] });
    const [negative] = await check({ type: 'pump', pressure: -1 });
    expect(negative?.errors).toEqual([{ path: 'pressure', message: 'expected a number of at least 0 bar' }]);
  });
});
