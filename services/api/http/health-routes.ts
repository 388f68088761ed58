import { Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { cacheBriefly } from '../coalesce.ts';
import type { ModelsInUse } from '../features/models/models-in-use.ts';
import type { TypeRegistry } from '../features/types/type-registry.ts';
import { findDatabaseFault } from '../storage/find-database-fault.ts';
import { ApiError } from './errors.ts';
import { addGet } from './routes.ts';

/** `GET /readyz` probes the database at most once in this interval, regardless of the number of requests. */
const probeIntervalMs = 1000;

interface HealthOptions {
  types: Pick<TypeRegistry, 'defaultName'>;
  inUse: ModelsInUse;
  pool: Pool;
  /** Returns a database fault that only a commit detects, such as a full disk. */
  findCommitFault: () => string | undefined;
}

/** `GET /livez`, and `GET /readyz`: 503 with the reason while readings cannot be scored or stored. */
export function createHealthRoutes({ types, inUse, pool, findCommitFault }: HealthOptions): Router {
  const router = Router();
  const probeDatabase = cacheBriefly(() => findDatabaseFault(pool), { maxAgeMs: probeIntervalMs });

  addGet(router, '/livez', (_request, response) => {
    response.json({ status: 'ok' });
  });
  addGet(router, '/readyz', async (_request, response) => {
    const modelFault = inUse.fault(types.defaultName);
    if (modelFault) throw new ApiError(modelFault.code, { detail: modelFault.detail, retryAfterSeconds: 1 });
    const detail = (await probeDatabase()) ?? findCommitFault();
    if (detail !== undefined) throw new ApiError('database_unavailable', { detail });
    response.json({ status: 'ok' });
  });
  return router;
}
