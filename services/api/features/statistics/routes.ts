import { seriesQuerySchema, timeWindowQuerySchema } from '@sensor-sentinel/contracts';
import { Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import { findDistribution } from './find-distribution.ts';
import { findSeries } from './find-series.ts';
import { findStats } from './find-stats.ts';

interface StatisticsRoutesOptions {
  pool: Pool;
  querying: WorkLimit;
}

/** `GET /stats`, `/distribution` and `/series`. */
export function createStatisticsRoutes({ pool, querying }: StatisticsRoutesOptions): Router {
  const router = Router();
  addGet(router, '/stats', async ({ query }, response) => {
    const window = parseRequest(timeWindowQuerySchema, query);
    response.json(await querying(() => findStats(pool, window)));
  });
  addGet(router, '/distribution', async ({ query }, response) => {
    const window = parseRequest(timeWindowQuerySchema, query);
    response.json(await querying(() => findDistribution(pool, window)));
  });
  addGet(router, '/series', async ({ query }, response) => {
    const seriesQuery = parseRequest(seriesQuerySchema, query);
    response.json(await querying(() => findSeries(pool, seriesQuery)));
  });
  return router;
}
