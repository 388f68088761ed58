import {
  type Feature,
  findNameClashes,
  maxTypeFeatures,
  type SensorType,
  type SensorTypeChange,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { ApiError } from '../../http/errors.ts';
import { toValidationError } from '../../http/parse-request.ts';
import { inTransaction, type Transaction } from '../../storage/connection.ts';
import { isDuplicate } from '../../storage/database-errors.ts';

interface StoredType {
  id: number;
  features: Feature[];
}

async function lockType({ select }: Transaction, name: string): Promise<StoredType | undefined> {
  const sql = 'SELECT id, features FROM sensor_types WHERE name = ? FOR UPDATE';
  const [row] = await select<{ id: number; features: string }>({ sql, values: [name] });
  return row && { id: row.id, features: JSON.parse(row.features) as Feature[] }; // only this module writes them
}

/**
 * Adds a type. Resolves to false if the same type exists already, which makes a retry harmless.
 * @throws ApiError `type_exists`, `limit_reached`; StorageError
 */
export async function insertType(pool: Pool, type: SensorType, maxTypes: number): Promise<boolean> {
  try {
    return await inTransaction(pool, (transaction) => insertIn(transaction, type, maxTypes));
  } catch (error) {
    if (!isDuplicate(error)) throw error;
    return inTransaction(pool, (transaction) => insertIn(transaction, type, maxTypes)); // another request was faster
  }
}

async function insertIn(transaction: Transaction, type: SensorType, maxTypes: number): Promise<boolean> {
  const { name, features } = type;
  const stored = await lockType(transaction, name);
  if (stored !== undefined) {
    if (namesOf(stored.features).join('\n') === namesOf(features).join('\n')) return false;
    const detail = `The type ${name} has the features ${namesOf(stored.features).join(', ')}. Choose another name, or add features with PATCH /types/${name}.`;
    throw new ApiError('type_exists', { detail });
  }
  const [counted] = await transaction.select<{ types: number }>({
    sql: 'SELECT COUNT(*) AS types FROM sensor_types',
  });
  if ((counted?.types ?? 0) >= maxTypes) {
    const detail = `There are already ${counted?.types} sensor types. Raise MAX_TYPES, or delete a type without readings.`;
    throw new ApiError('limit_reached', { detail });
  }
  const sql = 'INSERT INTO sensor_types (name, features) VALUES (?, ?)';
  await transaction.change({ sql, values: [name, JSON.stringify(features)] });
  return true;
}

function namesOf(features: readonly Feature[]): string[] {
  return features.map(({ name }) => name);
}

/** Changes features of a type, and appends new ones. @throws ApiError `not_found`, `validation_failed`; StorageError */
export function changeType(pool: Pool, name: string, change: SensorTypeChange): Promise<void> {
  return inTransaction(pool, async (transaction) => {
    const stored = await lockType(transaction, name);
    if (stored === undefined) throw toMissingType(name);
    const features = changeFeatures(stored.features, change);
    const sql = 'UPDATE sensor_types SET features = ? WHERE id = ?';
    await transaction.change({ sql, values: [JSON.stringify(features), stored.id] });
  });
}

function changeFeatures(features: readonly Feature[], { features: changes }: SensorTypeChange): Feature[] {
  const changed = new Map(features.map((feature) => [feature.name, feature]));
  for (const { name, ...given } of changes) {
    const before = changed.get(name) ?? { name, title: name, unit: '', min: null, max: null, decimals: null };
    const defined = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
    changed.set(name, { ...before, ...defined });
  }
  const result = [...changed.values()];
  const faults = [
    ...findNameClashes(namesOf(result)).map(({ index, message }) => `${result[index]?.name} ${message}`),
    ...result
      .filter(({ min, max }) => min !== null && max !== null && min >= max)
      .map(({ name, min, max }) => `${name}: expected a min below max, found ${min} and ${max}`),
    ...(result.length > maxTypeFeatures
      ? [`expected at most ${maxTypeFeatures} features, found ${result.length}`]
      : []),
  ];
  if (faults.length > 0) throw toValidationError(faults.map((message) => ({ path: 'features', message })));
  return result;
}

export function toMissingType(name: string): ApiError {
  return new ApiError('not_found', {
    detail: `There is no sensor type ${name}. GET /types lists all types.`,
  });
}

/** Deletes a type without readings, and its sensors. @throws ApiError `not_found`, `type_in_use`; StorageError */
export function deleteType(pool: Pool, name: string): Promise<void> {
  return inTransaction(pool, async (transaction) => {
    const stored = await lockType(transaction, name);
    if (stored === undefined) throw toMissingType(name);
    const values = [stored.id];
    const [used] = await transaction.select({
      sql: `SELECT 1 FROM readings WHERE type = ? UNION ALL SELECT 1 FROM rollups_hour WHERE type = ? LIMIT 1`,
      values: [stored.id, stored.id],
    });
    if (used !== undefined) {
      const detail = `The type ${name} has readings. Only a type without readings can be deleted.`;
      throw new ApiError('type_in_use', { detail });
    }
    const ofType = 'sensor IN (SELECT id FROM sensors WHERE type = ?)';
    await transaction.change({ sql: `DELETE FROM sensor_arrivals WHERE ${ofType}`, values });
    await transaction.change({ sql: 'DELETE FROM sensors WHERE type = ?', values });
    await transaction.change({ sql: 'DELETE FROM sensor_types WHERE id = ?', values });
  });
}
