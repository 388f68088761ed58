import {
  ledgerQuerySchema,
  sensorsQuerySchema,
  seriesQuerySchema,
  timeWindowQuerySchema,
} from '@sensor-sentinel/contracts';
import express, { type Express, type RequestHandler } from 'express';
import { createAlertRoutes } from '../features/alerts/routes.ts';
import { findAccuracy } from '../features/feedback/find-accuracy.ts';
import { createDeleteTruth, createGetTruth, createPostTruth } from '../features/feedback/routes.ts';
import { createPostActivate } from '../features/models/activate-route.ts';
import type { Models } from '../features/models/create-models.ts';
import { createInferenceRoutes } from '../features/models/inference-routes.ts';
import { createGetReadingExplanation } from '../features/models/reading-explanation.ts';
import { createGetReadings } from '../features/readings/list-route.ts';
import { createGetPredict } from '../features/readings/predict.ts';
import { createGetReading } from '../features/readings/reading.ts';
import { createReplayRoutes } from '../features/replays/routes.ts';
import { findLedger } from '../features/sensors/find-ledger.ts';
import { findSensors } from '../features/sensors/find-sensors.ts';
import { findDistribution } from '../features/statistics/find-distribution.ts';
import { findSeries } from '../features/statistics/find-series.ts';
import { findStats } from '../features/statistics/find-stats.ts';
import type { Stream } from '../features/stream/create-stream.ts';
import { createGetStream } from '../features/stream/route.ts';
import { findDatabaseFault } from '../storage/find-database-fault.ts';
import type { CallbackPool } from '../storage/pool.ts';
import type { AnswerProblem } from './answer-problem.ts';
import { cacheBriefly } from './cache-briefly.ts';
import type { ClientLimit } from './client-limit.ts';
import { createErrorHandler } from './error-handler.ts';
import { ApiError } from './errors.ts';
import { createGetReadyz, getLivez } from './health.ts';
import { jsonBody } from './json-body.ts';
import { parseRequest } from './parse-request.ts';
import { refuseMethod } from './refuse-method.ts';
import type { WorkLimit } from './work-limit.ts';

/** Who may use how much of the process and of the database at once. */
export interface WorkLimits {
  explaining: WorkLimit;
  inferring: WorkLimit;
  /** Questions that look at many readings. */
  querying: WorkLimit;
  exporting: WorkLimit;
  exportsByClient: ClientLimit;
}

export interface AppOptions extends WorkLimits {
  postPredict: RequestHandler;
  models: Models;
  stream: Stream;
  /** Connections for what people ask. */
  pool: CallbackPool;
  /** Connections for what this process itself has to know at all times. */
  following: CallbackPool;
  /** Connections for transactions beside those of the readings. */
  changing: CallbackPool;
  answerProblem: AnswerProblem;
  now: () => Date;
  maxBodyBytes: number;
  silentAfterMs: number;
  /** What only writing shows. */
  findCommitFault: () => string | undefined;
}

/** `GET /readyz` asks the database no more often than this, however many ask. */
const readinessMs = 1000;

export function createApp({
  postPredict,
  models,
  stream,
  pool,
  following,
  changing,
  answerProblem,
  now,
  maxBodyBytes,
  silentAfterMs,
  findCommitFault,
  explaining,
  inferring,
  querying,
  exporting,
  exportsByClient,
}: AppOptions): Express {
  const { inUse, registry, activate } = models;
  const app = express().disable('x-powered-by').disable('etag').set('query parser', 'simple');

  function get(path: string, answer: RequestHandler): void {
    app.route(path).get(answer).all(refuseMethod('GET, HEAD'));
  }
  /** A route whose answer is the result of a question to the stored readings. */
  function getResult(path: string, find: (query: unknown) => Promise<unknown>): void {
    get(path, async ({ query }, response) => {
      response.json(await querying(() => find(query)));
    });
  }

  app
    .route('/predict')
    .post(postPredict)
    .get(createGetPredict({ inUse, registry, explaining }))
    .all(refuseMethod('GET, HEAD, POST'));

  get('/readings', createGetReadings({ pool, querying, exporting, exportsByClient }));
  get('/readings/:id', createGetReading(pool));
  get('/readings/:id/explanation', createGetReadingExplanation({ registry, explaining }, pool));
  getResult('/stats', (query) => findStats(pool, parseRequest(timeWindowQuerySchema, query)));
  getResult('/distribution', (query) => findDistribution(pool, parseRequest(timeWindowQuerySchema, query)));
  getResult('/series', (query) => findSeries(pool, parseRequest(seriesQuerySchema, query)));
  getResult('/accuracy', (query) => findAccuracy(pool, parseRequest(timeWindowQuerySchema, query)));
  getResult('/sensors', (query) =>
    findSensors(pool, parseRequest(sensorsQuerySchema, query), { now: now(), silentAfterMs }),
  );
  getResult('/ledger', (query) =>
    findLedger(pool, parseRequest(ledgerQuerySchema, query), { now: now(), gapAfterMs: silentAfterMs }),
  );
  app.use('/alerts', createAlertRoutes({ pool, following, querying, now, silentAfterMs }));
  get('/stream', createGetStream(stream));
  get('/model', (_request, response) => {
    response.json(inUse.serving().description);
  });
  get('/models', async (_request, response) => {
    response.json(await registry.describe());
  });
  app.route('/models/:name/activate').post(createPostActivate(activate)).all(refuseMethod('POST'));
  app
    .route('/truth')
    .post(jsonBody(maxBodyBytes), createPostTruth(changing, now))
    .get(createGetTruth(pool))
    .all(refuseMethod('GET, HEAD, POST'));
  app.route('/truth/:id').delete(createDeleteTruth(changing)).all(refuseMethod('DELETE'));
  app.use('/replays', createReplayRoutes({ pool, changing, maxBodyBytes }));
  app.use('/v2', createInferenceRoutes({ inUse, registry, maxBodyBytes, inferring }));
  get('/livez', getLivez);
  const probeDatabase = cacheBriefly(() => findDatabaseFault(following), { maxAgeMs: readinessMs });
  const findFault = async () => {
    const modelFault = inUse.fault();
    if (modelFault !== undefined) return modelFault;
    const databaseFault = (await probeDatabase()) ?? findCommitFault();
    return databaseFault === undefined
      ? undefined
      : { code: 'database_unavailable' as const, detail: databaseFault };
  };
  get('/readyz', createGetReadyz(findFault));

  app.use(({ path }) => {
    throw new ApiError('not_found', { detail: `there is nothing at ${path}` });
  });
  app.use(createErrorHandler(answerProblem));
  return app;
}
