import { idSchema, type ReadingExplanation } from '@sensor-sentinel/contracts';
import type { Request, Response } from 'express';
import { z } from 'zod';
import { ApiError } from '../errors.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { parseRequest } from '../parse-request.ts';
import { findReadingsByIds } from '../storage/find-readings-by-ids.ts';
import type { CallbackPool } from '../storage/pool.ts';
import { listVotes, requireScorer } from './answer-asked.ts';

const paramsSchema = z.object({ id: idSchema });

/** `GET /readings/{id}/explanation`: why the model that scored a stored reading scored it so. */
export function createGetReadingExplanation(registry: ModelRegistry, pool: CallbackPool) {
  return async ({ params, query }: Request, response: Response): Promise<void> => {
    const { id } = parseRequest(paramsSchema, params);
    parseRequest(z.strictObject({}), query);
    const [reading] = await findReadingsByIds(pool, [id]);
    if (!reading) throw new ApiError('not_found', { detail: `there is no reading ${id}` });
    const explanation = requireScorer(registry, reading.model).explain(reading);
    const answer: ReadingExplanation = { id, reading, explanation, votes: listVotes(registry, reading) };
    response.json(answer);
  };
}
