import {
  type AskedQuery,
  askedQuerySchema,
  type BatchAnswer,
  type FieldError,
  maxBatchLength,
  type Prediction,
  predictQuerySchema,
  type ReadingInput,
  readingInputSchema,
  type StoredReading,
} from '@sensor-sentinel/contracts';
import type { Request, Response } from 'express';
import { ApiError } from '../errors.ts';
import type { Ingest } from '../ingest/ingest.ts';
import type { ModelInUse } from '../models/model-in-use.ts';
import type { ModelRegistry } from '../models/model-registry.ts';
import { parseRequest, toFieldErrors, toValidationError } from '../parse-request.ts';
import { answerAsked, requireScorer } from './answer-asked.ts';

const maxClockLeadMs = 24 * 3600 * 1000;

const conflictMessage = 'this id is stored already with another reading';

interface PredictOptions {
  ingest: Ingest;
  inUse: ModelInUse;
  registry: ModelRegistry;
  now: () => Date;
}

type Checked = { input: ReadingInput; errors?: never } | { input?: never; errors: FieldError[] };

function checkReading(body: unknown, now: Date): Checked {
  const parsed = readingInputSchema.safeParse(body);
  if (!parsed.success) return { errors: toFieldErrors(parsed.error) };
  const { timestamp } = parsed.data;
  const isAhead = timestamp !== undefined && Date.parse(timestamp) > now.getTime() + maxClockLeadMs;
  if (!isAhead) return { input: parsed.data };
  const message = `expected at most 24 hours after now (${now.toISOString()}): check the sensor's clock`;
  return { errors: [{ path: 'timestamp', message }] };
}

function toPrediction({ prediction, score, id, sensor_id, timestamp, model }: StoredReading): Prediction {
  return { prediction, score, id, sensor_id, timestamp, model };
}

async function predictOne(
  { body, asked, response }: { body: unknown; asked: AskedQuery; response: Response },
  { ingest, inUse, registry, now }: PredictOptions,
): Promise<void> {
  const { input, errors } = checkReading(body, now());
  if (!input) throw toValidationError(errors);
  const model = inUse.serving();
  if (asked.explain) model.requireExplainable(); // before it is stored
  const [ingested] = await ingest([input], model.score);
  if (!ingested) throw new Error('one reading was ingested, but there is no outcome');
  if (ingested.outcome === 'conflict')
    throw new ApiError('id_conflict', { detail: `id: ${conflictMessage}` });
  if (ingested.outcome === 'replayed') response.set('Idempotency-Replayed', 'true');
  const { stored } = ingested;
  const findScorer = () => (stored.model === model.name ? model : requireScorer(registry, stored.model));
  response.json({ ...toPrediction(stored), ...answerAsked(asked, { registry, findScorer, values: stored }) });
}

async function ingestBatch(
  bodies: readonly unknown[],
  { ingest, inUse, now }: PredictOptions,
): Promise<BatchAnswer> {
  const checked = bodies.map((body, index) => ({ index, ...checkReading(body, now()) }));
  const valid = checked.flatMap(({ index, input }) => (input ? [{ index, input }] : []));
  const ingested =
    valid.length === 0
      ? []
      : await ingest(
          valid.map(({ input }) => input),
          inUse.serving().score,
        );
  const rejected = checked.flatMap(({ index, errors }) => (errors ? [{ index, errors }] : []));
  const results: BatchAnswer['results'] = [];
  ingested.forEach(({ stored, outcome }, position) => {
    const index = valid[position]?.index ?? position;
    if (outcome === 'conflict') rejected.push({ index, errors: [{ path: 'id', message: conflictMessage }] });
    else results.push({ index, ...toPrediction(stored), ...(outcome === 'replayed' && { replayed: true }) });
  });
  rejected.sort((a, b) => a.index - b.index);
  return { accepted: results.length, rejected, results };
}

function toBatchError({ rejected }: BatchAnswer): ApiError {
  return toValidationError(
    rejected.flatMap(({ index, errors }) =>
      errors.map(({ path, message }) => ({ path: path ? `[${index}].${path}` : `[${index}]`, message })),
    ),
  );
}

async function predictBatch(
  bodies: readonly unknown[],
  options: PredictOptions,
  response: Response,
): Promise<void> {
  if (bodies.length === 0 || bodies.length > maxBatchLength) {
    const message = `expected an array of 1 to ${maxBatchLength} readings, not ${bodies.length}`;
    throw toValidationError([{ path: '', message }]);
  }
  const answer = await ingestBatch(bodies, options);
  if (answer.accepted === 0) throw toBatchError(answer);
  response.json(answer);
}

function refuseForArrays(asked: AskedQuery): void {
  const errors = (['explain', 'votes'] as const)
    .filter((name) => asked[name])
    .map((path) => ({ path, message: 'is answered for one reading, not for an array' }));
  if (errors.length > 0) throw toValidationError(errors);
}

/** `POST /predict`: answers 200 only after the commit. */
export function createPostPredict(options: PredictOptions) {
  return async (request: Request, response: Response): Promise<void> => {
    const asked = parseRequest(askedQuerySchema, request.query);
    const body: unknown = request.body;
    if (!Array.isArray(body)) {
      await predictOne({ body, asked, response }, options);
      return;
    }
    refuseForArrays(asked);
    await predictBatch(body, options, response);
  };
}

/** `GET /predict`: scores without storing. */
export function createGetPredict({ inUse, registry }: Pick<PredictOptions, 'inUse' | 'registry'>) {
  return ({ query }: Request, response: Response): void => {
    const { explain, votes, ...values } = parseRequest(predictQuerySchema, query);
    const model = inUse.serving();
    const asked = answerAsked({ explain, votes }, { registry, findScorer: () => model, values });
    response.json({ ...model.score(values), ...asked });
  };
}
