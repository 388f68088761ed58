import { idSchema, type StoredReading } from '@sensor-sentinel/contracts';
import type { Request } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { ApiError } from '../../http/errors.ts';
import { parseRequest } from '../../http/parse-request.ts';
import { findReadingsByIds } from './find-readings-by-ids.ts';

const paramsSchema = z.object({ id: idSchema });

/** The reading that a path names by `:id`. @throws ApiError `validation_failed`, `not_found` */
export async function requireReading(
  pool: Pool,
  { params, query }: Pick<Request, 'params' | 'query'>,
): Promise<StoredReading> {
  const { id } = parseRequest(paramsSchema, params);
  parseRequest(z.strictObject({}), query);
  const [reading] = await findReadingsByIds(pool, [id]);
  if (!reading) throw new ApiError('not_found', { detail: `there is no reading ${id}` });
  return reading;
}
