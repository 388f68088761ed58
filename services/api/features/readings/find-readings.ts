import { idSchema } from '@sensor-sentinel/contracts';
import type { Request } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { ApiError } from '../../http/errors.ts';
import { parseRequest } from '../../http/parse-request.ts';
import { selectRows } from '../../storage/connection.ts';
import { toSqlId } from '../../storage/sql-values.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { type Reading, type ReadingRow, readingColumns, readingTables, toReadings } from './reading-row.ts';

const paramsSchema = z.object({ id: idSchema });

/** Finds stored readings; unknown ids are left out. @throws StorageError */
export async function findReadingsByIds(
  pool: Pool,
  types: TypeRegistry,
  ids: readonly string[],
): Promise<Reading[]> {
  if (ids.length === 0) return [];
  const sql = `SELECT ${readingColumns} FROM ${readingTables} WHERE readings.id IN (?)`;
  const rows = await selectRows<ReadingRow>(pool, { sql, values: [ids.map(toSqlId)] });
  return toReadings(types, rows);
}

/** Finds the reading of the path parameter `:id`. @throws ApiError `validation_failed`, `not_found`; StorageError */
export async function requireReading(
  pool: Pool,
  types: TypeRegistry,
  { params, query }: Pick<Request, 'params' | 'query'>,
): Promise<Reading> {
  const { id } = parseRequest(paramsSchema, params);
  parseRequest(z.strictObject({}), query);
  const [reading] = await findReadingsByIds(pool, types, [id]);
  if (!reading) throw new ApiError('not_found', { detail: `There is no reading with the id ${id}.` });
  return reading;
}
