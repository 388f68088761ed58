import type { IncomingMessage, ServerResponse } from 'node:http';
import { parse as parseQuery } from 'node:querystring';
import { type AskedQuery, askedQuerySchema } from '@sensor-sentinel/contracts';
import type { AnswerProblem } from '../../http/answer-problem.ts';
import { parseRequest, toValidationError } from '../../http/parse-request.ts';
import { parseJson, readBody, readBodyType } from '../../http/request-body.ts';
import type { PredictOptions } from './ingest-rows.ts';
import { predictBatch, predictOne } from './predict-json.ts';
import { predictStream } from './predict-stream.ts';

const nothingAsked: AskedQuery = { explain: false, votes: false };

/** `POST /predict`: answers 200 only after the commit. It needs nothing of Express, and answers its own errors. */
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
  const asked = readAsked(request.url);
  if (readBodyType(request) === 'application/x-ndjson') {
    refuseAsked(asked);
    await predictStream(request, response, options);
    return;
  }
  const body = parseJson(await readBody(request, options.maxBodyBytes));
  if (!Array.isArray(body)) {
    const answer = () => predictOne({ body, asked, response }, options);
    await (asked.explain || asked.votes ? options.explaining(answer) : answer());
    return;
  }
  refuseAsked(asked);
  await predictBatch(body, options, response);
}

function readAsked(url = ''): AskedQuery {
  const start = url.indexOf('?');
  return start < 0 ? nothingAsked : parseRequest(askedQuerySchema, { ...parseQuery(url.slice(start + 1)) });
}

function refuseAsked(asked: AskedQuery): void {
  const errors = (['explain', 'votes'] as const)
    .filter((name) => asked[name])
    .map((path) => ({ path, message: 'is answered for one reading, not for an array or a stream' }));
  if (errors.length > 0) throw toValidationError(errors);
}
