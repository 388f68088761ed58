import { alertsQuerySchema, episodesQuerySchema } from '@sensor-sentinel/contracts';
import { type Request, type Response, Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { coalesce } from '../../coalesce.ts';
import { parseRequest } from '../../http/parse-request.ts';
import { refuseMethod } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import { findAlerts } from './find-alerts.ts';
import { findEpisodes } from './find-episodes.ts';

interface AlertRoutesOptions {
  pool: Pool;
  /** The state is answered also while many ask about the past. */
  following: Pool;
  querying: WorkLimit;
  now: () => Date;
  silentAfterMs: number;
}

/** `/alerts`: what is the case now, and what was. */
export function createAlertRoutes({
  pool,
  following,
  querying,
  now,
  silentAfterMs,
}: AlertRoutesOptions): Router {
  const router = Router();
  // Every dashboard asks for the first page every few seconds.
  const findFirstPage = coalesce(() => findAlerts(following, { now: now(), silentAfterMs }));

  router
    .route('/alerts')
    .get(async ({ query }: Request, response: Response) => {
      const { cursor } = parseRequest(alertsQuerySchema, query);
      const findPage = () => findAlerts(pool, { now: now(), silentAfterMs, cursor });
      response.json(await (cursor === undefined ? findFirstPage() : querying(findPage)));
    })
    .all(refuseMethod('GET, HEAD'));

  router
    .route('/alerts/episodes')
    .get(async ({ query }: Request, response: Response) => {
      const question = parseRequest(episodesQuerySchema, query);
      response.json(await querying(() => findEpisodes(pool, question)));
    })
    .all(refuseMethod('GET, HEAD'));

  return router;
}
