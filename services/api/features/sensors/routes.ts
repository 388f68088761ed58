import { ledgerQuerySchema, sensorsQuerySchema } from '@sensor-sentinel/contracts';
import { Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { findLedger } from './find-ledger.ts';
import { findSensors } from './find-sensors.ts';

interface SensorsOptions {
  types: TypeRegistry;
  pool: Pool;
  querying: WorkLimit;
  now: () => Date;
  silentAfterMs: number;
}

/** `GET /sensors` and `/ledger`. */
export function createSensorRoutes({ types, pool, querying, now, silentAfterMs }: SensorsOptions): Router {
  const router = Router();
  addGet(router, '/sensors', async ({ query }, response) => {
    const page = parseRequest(sensorsQuerySchema, query);
    const type = await types.require(page.type);
    response.json(await querying(() => findSensors(pool, page, { type, now: now(), silentAfterMs })));
  });
  addGet(router, '/ledger', async ({ query }, response) => {
    const page = parseRequest(ledgerQuerySchema, query);
    const type = await types.require(page.type);
    response.json(
      await querying(() => findLedger(pool, page, { type, now: now(), gapAfterMs: silentAfterMs })),
    );
  });
  return router;
}
