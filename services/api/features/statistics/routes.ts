import {
  fleetQuerySchema,
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
import { findFleet } from './find-fleet.ts';
import { findSeries } from './find-series.ts';
import { findSeriesBySensor } from './find-series-by-sensor.ts';
import { findStats } from './find-stats.ts';

interface StatisticsRoutesOptions {
  types: TypeRegistry;
  pool: Pool;
  querying: WorkLimit;
  now: () => Date;
  silentAfterMs: number;
}

/** `GET /stats`, `/distribution`, `/series` and `/fleet`. */
export function createStatisticsRoutes(options: StatisticsRoutesOptions): Router {
  const { types, pool, querying, now, silentAfterMs } = options;
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
  addGet(router, '/fleet', async ({ query }, response) => {
    const fleetQuery = parseRequest(fleetQuerySchema, query);
    const type = await types.require(fleetQuery.type);
    response.json(await querying(() => findFleet(pool, fleetQuery, { type, now: now(), silentAfterMs })));
  });
  return router;
}
