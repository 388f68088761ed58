import { seriesQuerySchema, timeWindowQuerySchema } from '@sensor-sentinel/contracts';
import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { ApiError } from './errors.ts';
import type { Models } from './models/create-models.ts';
import { parseRequest } from './parse-request.ts';
import { findDistribution } from './queries/find-distribution.ts';
import { findSeries } from './queries/find-series.ts';
import { findStats } from './queries/find-stats.ts';
import { createAlertRoutes } from './routes/alerts.ts';
import { createErrorHandler } from './routes/error-handler.ts';
import { createGetReadyz, getLivez } from './routes/health.ts';
import { createInferenceRoutes } from './routes/inference.ts';
import { jsonBody } from './routes/json-body.ts';
import { createGetLedger } from './routes/ledger.ts';
import { createPostActivate, refuseOtherSites } from './routes/models.ts';
import { createGetPredict } from './routes/predict.ts';
import { createGetReading } from './routes/reading.ts';
import { createGetReadingExplanation } from './routes/reading-explanation.ts';
import { createGetReadings } from './routes/readings.ts';
import { refuseMethod } from './routes/refuse-method.ts';
import { createReplayRoutes } from './routes/replays.ts';
import { createGetSensors } from './routes/sensors.ts';
import { createGetStream } from './routes/stream.ts';
import { createDeleteTruth, createGetTruth, createPostTruth } from './routes/truth.ts';
import { findDatabaseFault } from './storage/find-database-fault.ts';
import type { CallbackPool } from './storage/pool.ts';
import type { Stream } from './stream/create-stream.ts';
import { findAccuracy } from './truth/find-accuracy.ts';

export interface AppOptions {
  postPredict: RequestHandler;
  models: Models;
  stream: Stream;
  /** Connections for everything that reads. */
  pool: CallbackPool;
  /** Connections for transactions beside those of the readings. */
  changing: CallbackPool;
  log: Logger;
  now: () => Date;
  maxBodyBytes: number;
  maxExports: number;
  silentAfterMs: number;
  /** What only writing shows. */
  findCommitFault: () => string | undefined;
}

export function createApp({
  postPredict,
  models,
  stream,
  pool,
  changing,
  log,
  now,
  maxBodyBytes,
  maxExports,
  silentAfterMs,
  findCommitFault,
}: AppOptions): Express {
  const { inUse, registry, activate } = models;
  const app = express().disable('x-powered-by').disable('etag').set('query parser', 'simple');

  function get(path: string, answer: RequestHandler): void {
    app.route(path).get(answer).all(refuseMethod('GET, HEAD'));
  }

  app
    .route('/predict')
    .post(postPredict)
    .get(createGetPredict({ inUse, registry }))
    .all(refuseMethod('GET, HEAD, POST'));

  get('/readings', createGetReadings({ pool, maxExports }));
  get('/readings/:id', createGetReading(pool));
  get('/readings/:id/explanation', createGetReadingExplanation(registry, pool));
  get('/stats', async ({ query }, response) => {
    response.json(await findStats(pool, parseRequest(timeWindowQuerySchema, query)));
  });
  get('/distribution', async ({ query }, response) => {
    response.json(await findDistribution(pool, parseRequest(timeWindowQuerySchema, query)));
  });
  get('/series', async ({ query }, response) => {
    response.json(await findSeries(pool, parseRequest(seriesQuerySchema, query)));
  });
  app.use('/alerts', createAlertRoutes(pool, { now, silentAfterMs }));
  get('/sensors', createGetSensors(pool, { now, silentAfterMs }));
  get('/stream', createGetStream(stream));
  get('/ledger', createGetLedger(pool, { now, gapAfterMs: silentAfterMs }));
  get('/model', (_request, response) => {
    response.json(inUse.serving().description);
  });
  get('/models', async (_request, response) => {
    response.json(await registry.describe());
  });
  app
    .route('/models/:name/activate')
    .post(refuseOtherSites, createPostActivate(activate))
    .all(refuseMethod('POST'));
  app
    .route('/truth')
    .post(jsonBody(maxBodyBytes), createPostTruth(changing, now))
    .get(createGetTruth(pool))
    .all(refuseMethod('GET, HEAD, POST'));
  app.route('/truth/:id').delete(refuseOtherSites, createDeleteTruth(changing)).all(refuseMethod('DELETE'));
  get('/accuracy', async ({ query }, response) => {
    response.json(await findAccuracy(pool, parseRequest(timeWindowQuerySchema, query)));
  });
  app.use('/replays', createReplayRoutes({ pool, changing, maxBodyBytes }));
  app.use('/v2', createInferenceRoutes({ inUse, registry, maxBodyBytes, log }));
  get('/livez', getLivez);
  const findFault = async () => {
    const modelFault = inUse.fault();
    if (modelFault !== undefined) return modelFault;
    const databaseFault = (await findDatabaseFault(pool)) ?? findCommitFault();
    return databaseFault === undefined
      ? undefined
      : { code: 'database_unavailable' as const, detail: databaseFault };
  };
  get('/readyz', createGetReadyz(findFault));

  app.use(({ path }) => {
    throw new ApiError('not_found', { detail: `there is nothing at ${path}` });
  });
  app.use(createErrorHandler(log));
  return app;
}
