import {
  type Series,
  type SeriesBySensor,
  seriesQuerySchema,
  timeWindowQuerySchema,
} from '@sensor-sentinel/contracts';
import { Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { findDistribution } from './find-distribution.ts';
import { findSeries } from './find-series.ts';
import { findSeriesBySensor } from './find-series-by-sensor.ts';
import { findStats } from './find-stats.ts';

interface StatisticsRoutesOptions {
  types: TypeRegistry;
  pool: Pool;
  querying: WorkLimit;
}

/** `GET /stats`, `/distribution` and `/series`. */
export function createStatisticsRoutes({ types, pool, querying }: StatisticsRoutesOptions): Router {
  const router = Router();
  addGet(router, '/stats', async ({ query }, response) => {
    const window = parseRequest(timeWindowQuerySchema, query);
    const type = await types.require(window.type);
    response.json(await querying(() => findStats(pool, type, window)));
  });
  addGet(router, '/distribution', async ({ query }, response) => {
    const window = parseRequest(timeWindowQuerySchema, query);
    const type = await types.require(window.type);
    response.json(await querying(() => findDistribution(pool, type, window)));
  });
  addGet(router, '/series', async ({ query }, response) => {
    const seriesQuery = parseRequest(seriesQuerySchema, query);
    const type = await types.require(seriesQuery.type);
    const answer = await querying<Series | SeriesBySensor>(() =>
      seriesQuery.by === 'sensor'
        ? findSeriesBySensor(pool, type, seriesQuery)
        : findSeries(pool, type, seriesQuery),
    );
    response.json(answer);
  });
  return router;
}
