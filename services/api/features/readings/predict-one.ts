import type { ServerResponse } from 'node:http';
import type { AskedQuery } from '@sensor-sentinel/contracts';
import { ApiError } from '../../http/errors.ts';
import { toValidationError } from '../../http/parse-request.ts';
import { sendJson } from '../../http/send-json.ts';
import { answerAsked, requireScorer } from '../models/answer-asked.ts';
import { checkRow, conflictMessage, countIngested, toPrediction } from './ingest-rows.ts';
import type { PredictOptions } from './predict-options.ts';

interface Asking {
  body: unknown;
  asked: AskedQuery;
  response: ServerResponse;
}

/** Answers one reading. */
export async function predictOne({ body, asked, response }: Asking, options: PredictOptions): Promise<void> {
  const { ingest, inUse, registry } = options;
  const { input, errors } = checkRow(body, options);
  if (!input) throw toValidationError(errors);
  const model = inUse.serving();
  if (asked.explain) model.requireExplainable(); // before it is stored
  const [ingested] = await ingest([input], model.score);
  if (!ingested) throw new Error('one reading was ingested, but there is no outcome');
  countIngested(ingested, options);
  const { stored, outcome } = ingested;
  if (outcome === 'conflict') throw new ApiError('id_conflict', { detail: `id: ${conflictMessage}` });
  const headers = outcome === 'replayed' ? ['Idempotency-Replayed', 'true'] : [];
  if (!asked.explain && !asked.votes) return sendJson(response, toPrediction(stored), headers);
  const findScorer = () => (stored.model === model.name ? model : requireScorer(registry, stored.model));
  const extras = answerAsked(asked, { registry, findScorer, values: stored });
  sendJson(response, { ...toPrediction(stored), ...extras }, headers);
}
