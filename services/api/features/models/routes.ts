import { activationQuerySchema, type ReadingExplanation } from '@sensor-sentinel/contracts';
import { Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet, refuseMethod } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import { requireReading } from '../readings/find-readings.ts';
import type { ActivateModel } from './activate-model.ts';
import { listVotes, requireScorer } from './compute-extras.ts';
import type { ModelInUse } from './model-in-use.ts';
import type { ModelRegistry } from './model-registry.ts';

interface ModelRoutesOptions {
  inUse: ModelInUse;
  registry: ModelRegistry;
  activate: ActivateModel;
  pool: Pool;
  explaining: WorkLimit;
}

/** `GET /model`, `/models` and `/readings/{id}/explanation`, and `POST /models/{name}/activate`. */
export function createModelRoutes(options: ModelRoutesOptions): Router {
  const { inUse, registry, activate, pool, explaining } = options;
  const router = Router();
  addGet(router, '/model', (_request, response) => {
    response.json(inUse.serving().description);
  });
  addGet(router, '/models', async (_request, response) => {
    response.json(await registry.describe());
  });
  router
    .route('/models/:name/activate')
    .post(async ({ params, query }, response) => {
      response.json(await activate(params.name, parseRequest(activationQuerySchema, query)));
    })
    .all(refuseMethod('POST'));
  addGet(router, '/readings/:id/explanation', async (request, response) => {
    const reading = await requireReading(pool, request);
    const scorer = requireScorer(registry, reading.model);
    const answer = await explaining((): ReadingExplanation => {
      return { id: reading.id, explanation: scorer.explain(reading), votes: listVotes(registry, reading) };
    });
    response.json(answer);
  });
  return router;
}
