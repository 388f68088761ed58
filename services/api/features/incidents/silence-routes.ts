import { idSchema, type Silences, silenceInputSchema } from '@sensor-sentinel/contracts';
import { Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { parseRequest } from '../../http/parse-request.ts';
import { jsonBody, refuseMethod } from '../../http/routes.ts';
import { endSilence, insertSilence, listSilences } from './silences.ts';

interface SilenceRoutesOptions {
  pool: Pool;
  /** For transactions. */
  changing: Pool;
  maxBodyBytes: number;
  now: () => Date;
}

const paramsSchema = z.object({ id: idSchema });
const noQuerySchema = z.strictObject({});

/** `/silences`. */
export function createSilenceRoutes({ pool, changing, maxBodyBytes, now }: SilenceRoutesOptions): Router {
  const router = Router();
  router
    .route('/silences')
    .get(async ({ query }, response) => {
      parseRequest(noQuerySchema, query);
      const answer: Silences = { silences: await listSilences(pool, now()) };
      response.json(answer);
    })
    .post(jsonBody(maxBodyBytes), async ({ body }, response) => {
      response.status(201).json(await insertSilence(changing, parseRequest(silenceInputSchema, body), now()));
    })
    .all(refuseMethod('GET, HEAD, POST'));
  router
    .route('/silences/:id')
    .delete(async ({ params }, response) => {
      await endSilence(changing, parseRequest(paramsSchema, params).id, now());
      response.status(204).end();
    })
    .all(refuseMethod('DELETE'));
  return router;
}
