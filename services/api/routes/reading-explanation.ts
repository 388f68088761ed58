import type { ReadingExplanation } from '@sensor-sentinel/contracts';
import type { Request, Response } from 'express';
import type { ModelRegistry } from '../models/model-registry.ts';
import type { CallbackPool } from '../storage/pool.ts';
import { listVotes, requireScorer } from './answer-asked.ts';
import { requireReading } from './reading.ts';

/** `GET /readings/{id}/explanation`: why the model that scored a stored reading scored it so. */
export function createGetReadingExplanation(registry: ModelRegistry, pool: CallbackPool) {
  return async (request: Request, response: Response): Promise<void> => {
    const reading = await requireReading(pool, request);
    const { id } = reading;
    const explanation = requireScorer(registry, reading.model).explain(reading);
    const answer: ReadingExplanation = { id, explanation, votes: listVotes(registry, reading) };
    response.json(answer);
  };
}
