import { alertsQuerySchema, episodesQuerySchema } from '@sensor-sentinel/contracts';
import { type Request, type Response, Router } from 'express';
import { parseRequest } from '../../http/parse-request.ts';
import { refuseMethod } from '../../http/refuse-method.ts';
import { shareAnswers } from '../../http/share-answers.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import type { CallbackPool } from '../../storage/pool.ts';
import { findAlerts } from './find-alerts.ts';
import { findEpisodes } from './find-episodes.ts';

interface AlertRoutesOptions {
  pool: CallbackPool;
  /** The state is answered also while many ask about the past. */
  following: CallbackPool;
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
  const findFirstPage = shareAnswers(() => findAlerts(following, { now: now(), silentAfterMs }));

  router
    .route('/')
    .get(async ({ query }: Request, response: Response) => {
      const { cursor } = parseRequest(alertsQuerySchema, query);
      const findPage = () => findAlerts(pool, { now: now(), silentAfterMs, cursor });
      response.json(await (cursor === undefined ? findFirstPage() : querying(findPage)));
    })
    .all(refuseMethod('GET, HEAD'));

  router
    .route('/episodes')
    .get(async ({ query }: Request, response: Response) => {
      const question = parseRequest(episodesQuerySchema, query);
      response.json(await querying(() => findEpisodes(pool, question)));
    })
    .all(refuseMethod('GET, HEAD'));

  return router;
}
