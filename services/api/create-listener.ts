import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { type AppOptions, createApp } from './app.ts';
import { createAnswerProblem } from './routes/answer-problem.ts';
import { createPostPredict } from './routes/predict.ts';
import type { PredictOptions } from './routes/predict-options.ts';
import { limitRequests } from './server/request-limits.ts';

type ListenerOptions = Omit<AppOptions, 'postPredict'> &
  Omit<PredictOptions, 'inUse' | 'registry'> & {
    maxRequests: number;
    maxRequestsPerClient: number;
    trustProxy: number;
  };

const predictPath = /^\/predict(\?|$)/;

/** Everything that the API answers. Readings go past Express, whose middleware costs more than their commit. */
export function createListener(options: ListenerOptions): RequestListener {
  const { models, stopping } = options;
  const answerProblem = createAnswerProblem(options.log);
  const { inUse, registry } = models;
  const postPredict = createPostPredict({ ...options, inUse, registry }, answerProblem);
  const app = createApp({ ...options, postPredict });

  function answer(request: IncomingMessage, response: ServerResponse): void {
    if (stopping.aborted) response.shouldKeepAlive = false;
    if (request.method === 'POST' && predictPath.test(request.url ?? '')) void postPredict(request, response);
    else app(request, response);
  }

  return limitRequests(answer, { ...options, answerProblem });
}
