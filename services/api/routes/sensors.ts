import { sensorsQuerySchema } from '@sensor-sentinel/contracts';
import type { Request, Response } from 'express';
import { parseRequest } from '../parse-request.ts';
import { findSensors } from '../sensors/find-sensors.ts';
import type { CallbackPool } from '../storage/pool.ts';

/** `GET /sensors`. */
export function createGetSensors(pool: CallbackPool, options: { now: () => Date; silentAfterMs: number }) {
  return async ({ query }: Request, response: Response): Promise<void> => {
    const { now, silentAfterMs } = options;
    const asked = parseRequest(sensorsQuerySchema, query);
    response.json(await findSensors(pool, asked, { now: now(), silentAfterMs }));
  };
}
