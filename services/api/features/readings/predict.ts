import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import { type BatchAnswer, type ExtrasQuery, extrasQuerySchema } from '@sensor-sentinel/contracts';
import type { AnswerProblem } from '../../http/answer-problem.ts';
import { ApiError } from '../../http/errors.ts';
import { maxFieldErrors, parseRequest, toRowsError, toValidationError } from '../../http/parse-request.ts';
import { parseJson, readBody, readBodyType } from '../../http/request-body.ts';
import { computeExtras, requireScorer } from '../models/compute-extras.ts';
import { describeNoModel } from '../models/no-model.ts';
import type { BoundModel } from '../models/served-model.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import { checkRows } from './check-readings.ts';
import {
  conflictMessage,
  countOutcome,
  ingestReadings,
  ingestRows,
  type PredictOptions,
  type RowAnswer,
  toPrediction,
} from './ingest.ts';
import { predictStream } from './predict-stream.ts';

const noExtras: ExtrasQuery = { explain: false, votes: false };

/** The handler of `POST /predict`, which runs without Express. Answers 200 only after the commit, and answers errors itself. */
export function createPostPredict(options: PredictOptions, answerProblem: AnswerProblem) {
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    try {
      await postPredict(request, response, options);
    } catch (error) {
      answerProblem(error, request, response);
    }
  };
}

async function postPredict(
  request: IncomingMessage,
  response: ServerResponse,
  options: PredictOptions,
): Promise<void> {
  const extras = parseExtrasQuery(request.url);
  if (readBodyType(request) === 'application/x-ndjson') {
    rejectExtras(extras);
    await predictStream(request, response, options);
    return;
  }
  const body = parseJson(await readBody(request, options.maxBodyBytes));
  if (!Array.isArray(body)) {
    const answer = () => predictOne({ body, extras, response }, options);
    await (extras.explain || extras.votes ? options.explaining(answer) : answer());
    return;
  }
  rejectExtras(extras);
  await predictBatch(body, options, response);
}

function parseExtrasQuery(url = ''): ExtrasQuery {
  const start = url.indexOf('?');
  return start < 0 ? noExtras : parseRequest(extrasQuerySchema, { ...parseQuery(url.slice(start + 1)) });
}

function rejectExtras(extras: ExtrasQuery): void {
  const errors = (['explain', 'votes'] as const)
    .filter((name) => extras[name])
    .map((path) => ({ path, message: 'is available for a single reading, not for an array or a stream' }));
  if (errors.length > 0) throw toValidationError(errors);
}

interface OneReading {
  body: unknown;
  extras: ExtrasQuery;
  response: ServerResponse;
}

/** Scores, stores and answers one reading. */
async function predictOne({ body, extras, response }: OneReading, options: PredictOptions): Promise<void> {
  const { registry } = options;
  const [checked] = await checkRows([body], options);
  if (!checked?.input) throw toValidationError(checked?.errors ?? []);
  const { model, type } = checked.input;
  if (extras.explain) requireModel(model, type).requireExplainable(); // fails before the reading is stored
  const [ingested] = await ingestReadings([checked.input], options);
  if (!ingested) throw new Error('ingest returned no outcome for the reading');
  countOutcome(ingested, options);
  const { stored, outcome } = ingested;
  if (outcome === 'conflict') throw new ApiError('id_conflict', { detail: `id: ${conflictMessage}` });
  const headers = outcome === 'duplicate' ? ['Idempotency-Replayed', 'true'] : [];
  if (!extras.explain && !extras.votes) return sendJson(response, toPrediction(stored), headers);
  const findScorer = () =>
    model?.name === stored.model ? requireModel(model, type) : requireScorer(registry, type, stored.model);
  const added = computeExtras(extras, { registry, findScorer, reading: stored });
  sendJson(response, { ...toPrediction(stored), ...added }, headers);
}

/** @throws ApiError `explanation_unavailable` if the type has no model */
function requireModel(model: BoundModel | undefined, type: LoadedType): BoundModel {
  if (model !== undefined) return model;
  throw new ApiError('explanation_unavailable', { detail: describeNoModel(type) });
}

/** Answers an array. Each row is stored or rejected independently. */
async function predictBatch(
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
  const answer = toBatchAnswer(await ingestRows(await checkRows(bodies, options), options));
  if (answer.accepted === 0) throw toRowsError(answer.rejected);
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

/** Sends a JSON response with status 200; `headers` alternates names and values. */
function sendJson(response: ServerResponse, body: unknown, headers: readonly string[] = []): void {
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  response.writeHead(200, [
    ...['Content-Type', 'application/json; charset=utf-8', 'Content-Length', length],
    ...headers,
  ]);
  response.end(text);
}
