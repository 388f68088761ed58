import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import { type ExtrasQuery, extrasQuerySchema } from '@sensor-sentinel/contracts';
import type { AnswerProblem } from '../../http/answer-problem.ts';
import { parseRequest, toValidationError } from '../../http/parse-request.ts';
import { parseJson, readBody, readBodyType } from '../../http/request-body.ts';
import type { PredictOptions } from './ingest-rows.ts';
import { predictBatch, predictOne } from './predict-json.ts';
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
