import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { createPostPredict } from '../features/readings/predict.ts';
import type { PredictOptions } from '../features/readings/predict-options.ts';
import type { AnswerProblem } from './answer-problem.ts';
import { type AppOptions, createApp, type WorkLimits } from './app.ts';
import { createClientLimit } from './client-limit.ts';
import { createRequestGuard } from './request-guard.ts';
import { limitRequests } from './request-limits.ts';
import { createWorkLimit } from './work-limit.ts';

type ListenerOptions = Omit<AppOptions, 'postPredict' | keyof WorkLimits> &
  Omit<PredictOptions, 'inUse' | 'registry' | 'explaining'> & {
    maxExplanations: number;
    maxInferences: number;
    maxQueries: number;
    maxExports: number;
    answerProblem: AnswerProblem;
    allowedHosts: readonly string[];
    maxRequests: number;
    maxRequestsPerClient: number;
    trustProxy: number;
  };

const predictPath = /^\/predict(\?|$)/;

function createWorkLimits({
  maxExplanations,
  maxInferences,
  maxQueries,
  maxExports,
  trustProxy,
}: Pick<
  ListenerOptions,
  'maxExplanations' | 'maxInferences' | 'maxQueries' | 'maxExports' | 'trustProxy'
>): WorkLimits {
  const oneByOne = { concurrency: 1 };
  return {
    explaining: createWorkLimit({ what: 'explanations', ...oneByOne, maxWaiting: maxExplanations - 1 }),
    inferring: createWorkLimit({ what: 'inferences', ...oneByOne, maxWaiting: maxInferences - 1 }),
    querying: createWorkLimit({ what: 'queries', concurrency: maxQueries, maxWaiting: 0 }),
    exporting: createWorkLimit({
      what: 'exports',
      concurrency: maxExports,
      maxWaiting: 0,
      retryAfterSeconds: 10,
    }),
    exportsByClient: createClientLimit({
      what: 'exports',
      maxPerClient: Math.ceil(maxExports / 2),
      trustProxy,
    }),
  };
}

/** Everything that the API answers. Readings go past Express, whose middleware costs more than their commit. */
export function createListener(options: ListenerOptions): RequestListener {
  const { models, stopping, answerProblem } = options;
  const { inUse, registry } = models;
  const limits = createWorkLimits(options);
  const { explaining } = limits;
  const postPredict = createPostPredict({ ...options, inUse, registry, explaining }, answerProblem);
  const app = createApp({ ...options, ...limits, postPredict });
  const guard = createRequestGuard(options.allowedHosts);

  function answer(request: IncomingMessage, response: ServerResponse): void {
    if (stopping.aborted) response.shouldKeepAlive = false;
    try {
      guard(request);
    } catch (error) {
      answerProblem(error, request, response);
      return;
    }
    if (request.method === 'POST' && predictPath.test(request.url ?? '')) void postPredict(request, response);
    else app(request, response);
  }

  return limitRequests(answer, options);
}
