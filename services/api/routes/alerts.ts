import { episodesQuerySchema } from '@sensor-sentinel/contracts';
import { type Request, type Response, Router } from 'express';
import { findAlerts } from '../alerts/find-alerts.ts';
import { findEpisodes } from '../alerts/find-episodes.ts';
import { shareAnswers } from '../alerts/share-answers.ts';
import { parseRequest } from '../parse-request.ts';
import type { CallbackPool } from '../storage/pool.ts';
import { refuseMethod } from './refuse-method.ts';

/** `/alerts`: what is the case now, and what was. */
export function createAlertRoutes(
  pool: CallbackPool,
  { now, silentAfterMs }: { now: () => Date; silentAfterMs: number },
): Router {
  const router = Router();
  // Every dashboard asks the same every few seconds.
  const findSharedAlerts = shareAnswers(() => findAlerts(pool, { now: now(), silentAfterMs }));

  router
    .route('/')
    .get(async (_request: Request, response: Response) => {
      response.json(await findSharedAlerts());
    })
    .all(refuseMethod('GET, HEAD'));

  router
    .route('/episodes')
    .get(async ({ query }: Request, response: Response) => {
      response.json(await findEpisodes(pool, parseRequest(episodesQuerySchema, query)));
    })
    .all(refuseMethod('GET, HEAD'));

  return router;
}
