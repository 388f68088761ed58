import { alertsQuerySchema, episodesQuerySchema } from '@sensor-sentinel/contracts';
import { Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { coalesce } from '../../coalesce.ts';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import { findAlerts } from './find-alerts.ts';
import { listEpisodes } from './list-episodes.ts';

interface AlertRoutesOptions {
  pool: Pool;
  /** For the first page of `GET /alerts`, which must be fast even while `pool` is busy. */
  following: Pool;
  querying: WorkLimit;
  now: () => Date;
  silentAfterMs: number;
}

/** `/alerts`: the current state of all sensors; `/alerts/episodes`: past anomalies. */
export function createAlertRoutes({
  pool,
  following,
  querying,
  now,
  silentAfterMs,
}: AlertRoutesOptions): Router {
  const router = Router();
  // Every dashboard polls the first page.
  const findFirstPage = coalesce(() => findAlerts(following, { now: now(), silentAfterMs }));

  addGet(router, '/alerts', async ({ query }, response) => {
    const { cursor } = parseRequest(alertsQuerySchema, query);
    const findPage = () => findAlerts(pool, { now: now(), silentAfterMs, cursor });
    response.json(await (cursor === undefined ? findFirstPage() : querying(findPage)));
  });
  addGet(router, '/alerts/episodes', async ({ query }, response) => {
    const episodesQuery = parseRequest(episodesQuerySchema, query);
    response.json(await querying(() => listEpisodes(pool, episodesQuery)));
  });
  return router;
}
