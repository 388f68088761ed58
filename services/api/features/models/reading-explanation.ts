import type { ReadingExplanation } from '@sensor-sentinel/contracts';
import type { Request, Response } from 'express';
import type { WorkLimit } from '../../http/work-limit.ts';
import type { CallbackPool } from '../../storage/pool.ts';
import { requireReading } from '../readings/reading.ts';
import { listVotes, requireScorer } from './answer-asked.ts';
import type { ModelRegistry } from './model-registry.ts';

/** `GET /readings/{id}/explanation`: why the model that scored a stored reading scored it so. */
export function createGetReadingExplanation(
  { registry, explaining }: { registry: ModelRegistry; explaining: WorkLimit },
  pool: CallbackPool,
) {
  return async (request: Request, response: Response): Promise<void> => {
    const reading = await requireReading(pool, request);
    const { id } = reading;
    const scorer = requireScorer(registry, reading.model);
    const answer = await explaining((): ReadingExplanation => {
      return { id, explanation: scorer.explain(reading), votes: listVotes(registry, reading) };
    });
    response.json(answer);
  };
}
