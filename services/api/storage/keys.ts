import type { Pool } from 'mysql2/promise';
import { change, inTransaction, retryTransient, selectRows } from './connection.ts';
import { StorageError } from './database-errors.ts';

/** The integer keys that stand for the names of sensors or models in other tables. */
export interface Keys {
  /** The key of a name that was found before. */
  known: (name: string) => number | undefined;
  /** Finds the keys of names. New names get one, in a transaction of its own. @throws StorageError, `limit_reached` too */
  learn: (names: ReadonlySet<string>) => Promise<void>;
}

/** The key of the sensor type `climate`: the first row of `sensor_types`. */
export const climateKey = 1;

/** The name of a sensor among those of all types, as `Keys` have it. */
export function toSensorName(type: number, sensorId: string): string {
  return `${type} ${sensorId}`;
}

/** `1 attic` → `[1, 'attic']` */
export function fromSensorName(name: string): [type: number, sensorId: string] {
  const end = name.indexOf(' ');
  return [Number(name.slice(0, end)), name.slice(end + 1)];
}

/** The key of the rollups and counts of all sensors together. No sensor has it. */
export const allSensors = 0;

/** Beyond this number of names, the cache starts again. */
const maxCachedNames = 200_000;
const namesPerStatement = 1000;

/** The keys that a reading needs. */
export interface StorageKeys {
  /** By `toSensorName`. */
  sensors: Keys;
  models: Keys;
}

interface KeysOptions {
  /** For transactions. */
  pool: Pool;
  /** MAX_SENSORS: the number of sensors that may be stored. */
  maxSensors: number;
}

/** Inserts no sensor of a type that was deleted: another process may still know it. */
function insertSensors(pool: Pool, sensors: readonly (readonly [type: number, sensorId: string])[]) {
  return inTransaction(pool, async ({ select, change }) => {
    const types = await select<{ id: number }>({
      sql: 'SELECT id FROM sensor_types WHERE id IN (?) ORDER BY id LOCK IN SHARE MODE',
      values: [sensors.map(([type]) => type)],
    });
    const rows = sensors.filter(([type]) => types.some(({ id }) => id === type));
    if (rows.length > 0)
      await change({ sql: 'INSERT IGNORE INTO sensors (type, name) VALUES ?', values: [rows] });
  });
}

export function createStorageKeys({ pool, maxSensors }: KeysOptions): StorageKeys {
  return {
    sensors: createKeys({
      find: (names) => findSensorKeys(pool, names.map(fromSensorName)),
      insert: async (names) => {
        await refuseBeyond(pool, names.length, maxSensors);
        await insertSensors(pool, names.map(fromSensorName));
      },
    }),
    models: createKeys({
      find: (names) => findModelKeys(pool, names),
      insert: async (names) => {
        const rows = names.map((name) => [name]);
        await retryTransient(() =>
          change(pool, { sql: 'INSERT IGNORE INTO models (name) VALUES ?', values: [rows] }),
        );
      },
    }),
  };
}

/** Several processes that add sensors at the same moment may exceed the limit by a few. */
async function refuseBeyond(pool: Pool, added: number, maxSensors: number): Promise<void> {
  const [counted] = await selectRows<{ sensors: number }>(pool, {
    sql: 'SELECT COUNT(*) AS sensors FROM sensors',
  });
  const stored = counted?.sensors ?? 0;
  if (stored + added <= maxSensors) return;
  const detail = `There are already ${stored} sensors, and MAX_SENSORS is ${maxSensors}. Send the readings under the names of known sensors, or raise MAX_SENSORS.`;
  throw new StorageError('limit_reached', detail);
}

interface NameTable {
  find: (names: readonly string[]) => Promise<ReadonlyMap<string, number>>;
  insert: (names: readonly string[]) => Promise<void>;
}

/** Keys never change, so that those found once are kept in memory. */
function createKeys(table: NameTable): Keys {
  const cache = new Map<string, number>();
  return {
    known: (name) => cache.get(name),
    async learn(names) {
      const missing = [...names].filter((name) => !cache.has(name));
      if (cache.size + missing.length > maxCachedNames) {
        cache.clear();
        missing.splice(0, missing.length, ...names);
      }
      for (let start = 0; start < missing.length; start += namesPerStatement) {
        const some = missing.slice(start, start + namesPerStatement);
        const found = new Map(await table.find(some));
        const unknown = some.filter((name) => !found.has(name));
        if (unknown.length > 0) {
          await table.insert(unknown);
          for (const [name, key] of await table.find(unknown)) found.set(name, key);
        }
        for (const [name, key] of found) cache.set(name, key);
      }
    },
  };
}

/** The keys of those sensors that have one, by `toSensorName`. @throws StorageError */
export async function findSensorKeys(
  pool: Pool,
  sensors: readonly (readonly [type: number, sensorId: string])[],
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const type of new Set(sensors.map(([type]) => type))) {
    const names = sensors.filter((sensor) => sensor[0] === type).map(([, name]) => name);
    const rows = await selectRows<{ id: number; name: string }>(pool, {
      sql: 'SELECT id, name FROM sensors WHERE type = ? AND name IN (?)',
      values: [type, names],
    });
    for (const { id, name } of rows) found.set(toSensorName(type, name), id);
  }
  return found;
}

async function findModelKeys(pool: Pool, names: readonly string[]): Promise<Map<string, number>> {
  const sql = 'SELECT id, name FROM models WHERE name IN (?)';
  const rows = await selectRows<{ id: number; name: string }>(pool, { sql, values: [names] });
  return new Map(rows.map(({ id, name }) => [name, id]));
}
