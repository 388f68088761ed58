import { activationQuerySchema, type ReadingExplanation, typeNameSchema } from '@sensor-sentinel/contracts';
import { Router } from 'express';
import type { Pool } from 'mysql2/promise';
import { z } from 'zod';
import { ApiError } from '../../http/errors.ts';
import { parseRequest } from '../../http/parse-request.ts';
import { addGet, refuseMethod } from '../../http/routes.ts';
import type { WorkLimit } from '../../http/work-limit.ts';
import { requireReading } from '../readings/find-readings.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import type { ActivateModel } from './activate-model.ts';
import { listVotes, requireScorer } from './compute-extras.ts';
import type { ModelRegistry } from './model-registry.ts';
import type { ModelsInUse } from './models-in-use.ts';
import { describeNoModel } from './no-model.ts';

const typeQuerySchema = z.strictObject({ type: typeNameSchema.optional() });

interface ModelRoutesOptions {
  types: TypeRegistry;
  inUse: ModelsInUse;
  registry: ModelRegistry;
  activate: ActivateModel;
  pool: Pool;
  explaining: WorkLimit;
}

/** `GET /model`, `/models` and `/readings/{id}/explanation`, and `POST /models/{name}/activate`. */
export function createModelRoutes(options: ModelRoutesOptions): Router {
  const { types, inUse, registry, activate, pool, explaining } = options;
  const router = Router();
  addGet(router, '/model', async ({ query }, response) => {
    const type = await types.require(parseRequest(typeQuerySchema, query).type);
    if (inUse.serving(type) === undefined) throw new ApiError('not_found', { detail: describeNoModel(type) });
    response.json(inUse.active(type.name)?.description);
  });
  addGet(router, '/models', async ({ query }, response) => {
    const { type = types.defaultName } = parseRequest(typeQuerySchema, query);
    response.json(await registry.describe(type));
  });
  router
    .route('/models/:name/activate')
    .post(async ({ params, query }, response) => {
      response.json(await activate(params.name, parseRequest(activationQuerySchema, query)));
    })
    .all(refuseMethod('POST'));
  addGet(router, '/readings/:id/explanation', async (request, response) => {
    const reading = await requireReading(pool, types, request);
    const scorer = requireScorer(registry, reading.type, reading.model);
    const answer = await explaining((): ReadingExplanation => {
      const explanation = scorer.explain(reading.values);
      return { id: reading.id, explanation, votes: listVotes(registry, reading) };
    });
    response.json(answer);
  });
  return router;
}
