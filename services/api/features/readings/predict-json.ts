import type { ServerResponse } from 'node:http';
import type { BatchAnswer, ExtrasQuery } from '@sensor-sentinel/contracts';
import { ApiError } from '../../http/errors.ts';
import { maxFieldErrors, toValidationError } from '../../http/parse-request.ts';
import { sendJson } from '../../http/write-answer.ts';
import { computeExtras, requireScorer } from '../models/compute-extras.ts';
import {
  checkRow,
  conflictMessage,
  countOutcome,
  ingestRows,
  type PredictOptions,
  type RowAnswer,
  toPrediction,
} from './ingest-rows.ts';

interface OneReading {
  body: unknown;
  extras: ExtrasQuery;
  response: ServerResponse;
}

/** Scores, stores and answers one reading. @throws ApiError, StorageError */
export async function predictOne(
  { body, extras, response }: OneReading,
  options: PredictOptions,
): Promise<void> {
  const { ingest, inUse, registry } = options;
  const { input, errors } = checkRow(body, options);
  if (!input) throw toValidationError(errors);
  const model = inUse.serving();
  if (extras.explain) model.requireExplainable(); // fails before the reading is stored
  const [ingested] = await ingest([input], model.score);
  if (!ingested) throw new Error('ingest returned no outcome for the reading');
  countOutcome(ingested, options);
  const { stored, outcome } = ingested;
  if (outcome === 'conflict') throw new ApiError('id_conflict', { detail: `id: ${conflictMessage}` });
  const headers = outcome === 'replayed' ? ['Idempotency-Replayed', 'true'] : [];
  if (!extras.explain && !extras.votes) return sendJson(response, toPrediction(stored), headers);
  const findScorer = () => (stored.model === model.name ? model : requireScorer(registry, stored.model));
  const added = computeExtras(extras, { registry, findScorer, values: stored });
  sendJson(response, { ...toPrediction(stored), ...added }, headers);
}

/** Answers an array. Each row is stored or rejected independently. @throws ApiError, StorageError */
export async function predictBatch(
  bodies: readonly unknown[],
  options: PredictOptions,
  response: ServerResponse,
): Promise<void> {
  const { maxBatchReadings } = options;
  if (bodies.length === 0) throw toValidationError([{ path: '', message: 'expected at least one reading' }]);
  if (bodies.length > maxBatchReadings) {
    const detail = `Expected an array of at most ${maxBatchReadings} readings, not ${bodies.length}. Split it, or send NDJSON, which has no limit.`;
    throw new ApiError('body_too_large', { detail });
  }
  const answer = toBatchAnswer(
    await ingestRows(
      bodies.map((body) => checkRow(body, options)),
      options,
    ),
  );
  if (answer.accepted === 0) throw toBatchError(answer);
  sendJson(response, answer);
}

/** Each rejected row keeps its first error; further errors are limited per response. */
function toBatchAnswer(rows: readonly RowAnswer[]): BatchAnswer {
  const rejected: BatchAnswer['rejected'] = [];
  const results: BatchAnswer['results'] = [];
  let errorsLeft = maxFieldErrors;
  for (const [index, row] of rows.entries()) {
    if (row.errors) {
      const errors = row.errors.slice(0, Math.max(1, errorsLeft));
      errorsLeft -= errors.length;
      rejected.push({ index, errors });
    } else results.push({ index, ...row });
  }
  return { accepted: results.length, rejected, results };
}

function toBatchError({ rejected }: BatchAnswer): ApiError {
  return toValidationError(
    rejected.flatMap(({ index, errors }) =>
      errors.map(({ path, message }) => ({ path: path ? `[${index}].${path}` : `[${index}]`, message })),
    ),
  );
}
