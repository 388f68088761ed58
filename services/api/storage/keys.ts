import type { Pool } from 'mysql2/promise';
import { change, retryTransient, selectRows } from './connection.ts';

/** The integer keys that stand for the names of sensors or models in other tables. */
export interface Keys {
  /** The key of each name. New names get one, in a transaction of its own. @throws StorageError */
  find: (names: ReadonlySet<string>) => Promise<ReadonlyMap<string, number>>;
}

/** The sensor type `climate`: the first row of `sensor_types`. */
export const climateType = 1;

/** The key of the rollups and counts of all sensors together. No sensor has it. */
export const allSensors = 0;

const insertSql = {
  sensors: `INSERT IGNORE INTO sensors (type, name) VALUES ?`,
  models: 'INSERT IGNORE INTO models (name) VALUES ?',
};

const selectSql = {
  sensors: `SELECT id, name FROM sensors WHERE type = ${climateType} AND name IN (?)`,
  models: 'SELECT id, name FROM models WHERE name IN (?)',
};

type KeyTable = keyof typeof insertSql;

/** Beyond this number of names, the cache starts again. */
const maxCachedNames = 200_000;
const namesPerStatement = 1000;

/** The keys that a reading needs. */
export interface StorageKeys {
  sensors: Keys;
  models: Keys;
}

/** `pool` is for transactions. */
export function createStorageKeys(pool: Pool): StorageKeys {
  return { sensors: createKeys(pool, 'sensors'), models: createKeys(pool, 'models') };
}

/** Keys never change, so that those found once are kept in memory. */
function createKeys(pool: Pool, table: KeyTable): Keys {
  const cache = new Map<string, number>();
  return {
    async find(names) {
      const missing = [...names].filter((name) => !cache.has(name));
      if (cache.size + missing.length > maxCachedNames) {
        cache.clear();
        missing.splice(0, missing.length, ...names);
      }
      for (let start = 0; start < missing.length; start += namesPerStatement) {
        const some = missing.slice(start, start + namesPerStatement);
        for (const [name, key] of await findOrInsert(pool, table, some)) cache.set(name, key);
      }
      return new Map(Array.from(names, (name) => [name, requireKey(cache, name)]));
    },
  };
}

function requireKey(keys: ReadonlyMap<string, number>, name: string): number {
  const key = keys.get(name);
  if (key === undefined) throw new Error(`the name was not stored: ${name}`);
  return key;
}

async function findOrInsert(
  pool: Pool,
  table: KeyTable,
  names: readonly string[],
): Promise<Map<string, number>> {
  const known = await findKeys(pool, table, names);
  const unknown = names.filter((name) => !known.has(name));
  if (unknown.length === 0) return known;
  const rows = unknown.map((name) => (table === 'sensors' ? [climateType, name] : [name]));
  await retryTransient(() => change(pool, { sql: insertSql[table], values: [rows] }));
  return new Map([...known, ...(await findKeys(pool, table, unknown))]);
}

/** The keys of those names that have one. @throws StorageError */
export async function findKeys(
  pool: Pool,
  table: KeyTable,
  names: readonly string[],
): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const rows = await selectRows<{ id: number; name: string }>(pool, {
    sql: selectSql[table],
    values: [names],
  });
  return new Map(rows.map(({ id, name }) => [name, id]));
}
