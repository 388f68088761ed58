import { readingsQuerySchema, seriesQuerySchema, timeWindowQuerySchema } from '@sensor-sentinel/contracts';
import express, { type Express, type RequestHandler } from 'express';
import type { Logger } from 'pino';
import { ApiError } from './errors.ts';
import type { Ingest } from './ingest/ingest.ts';
import type { ModelInUse } from './model-in-use.ts';
import { parseRequest } from './parse-request.ts';
import { findAlerts } from './queries/find-alerts.ts';
import { findDistribution } from './queries/find-distribution.ts';
import { findSeries } from './queries/find-series.ts';
import { findStats } from './queries/find-stats.ts';
import { listReadings } from './queries/list-readings.ts';
import { createErrorHandler } from './routes/error-handler.ts';
import { createGetReadyz, getLivez } from './routes/health.ts';
import { jsonBody } from './routes/json-body.ts';
import { createGetPredict, createPostPredict } from './routes/predict.ts';
import { findDatabaseFault } from './storage/find-database-fault.ts';
import type { CallbackPool } from './storage/pool.ts';

export interface AppOptions {
  ingest: Ingest;
  model: ModelInUse;
  /** Connections for everything that reads. */
  pool: CallbackPool;
  log: Logger;
  now: () => Date;
  maxBodyBytes: number;
  silentAfterMs: number;
}

function refuseMethod(allowed: string): RequestHandler {
  return ({ method }) => {
    const detail = `${method} is not allowed here; allowed: ${allowed}`;
    throw new ApiError('method_not_allowed', { detail, headers: { Allow: allowed } });
  };
}

export function createApp({
  ingest,
  model,
  pool,
  log,
  now,
  maxBodyBytes,
  silentAfterMs,
}: AppOptions): Express {
  const app = express().disable('x-powered-by').disable('etag').set('query parser', 'simple');

  function get(path: string, answer: RequestHandler): void {
    app.route(path).get(answer).all(refuseMethod('GET, HEAD'));
  }

  app
    .route('/predict')
    .post(jsonBody(maxBodyBytes), createPostPredict({ ingest, score: model.score, now }))
    .get(createGetPredict({ score: model.score }))
    .all(refuseMethod('GET, HEAD, POST'));

  get('/readings', async ({ query }, response) => {
    response.json(await listReadings(pool, parseRequest(readingsQuerySchema, query)));
  });
  get('/stats', async ({ query }, response) => {
    response.json(await findStats(pool, parseRequest(timeWindowQuerySchema, query)));
  });
  get('/distribution', async ({ query }, response) => {
    response.json(await findDistribution(pool, parseRequest(timeWindowQuerySchema, query)));
  });
  get('/series', async ({ query }, response) => {
    response.json(await findSeries(pool, parseRequest(seriesQuerySchema, query)));
  });
  get('/alerts', async (_request, response) => {
    response.json(await findAlerts(pool, { now: now(), silentAfterMs }));
  });
  get('/model', (_request, response) => {
    response.json(model.describe());
  });
  get('/livez', getLivez);
  const findFault = async () => {
    const modelFault = model.fault();
    if (modelFault !== undefined) return { code: 'model_unavailable' as const, detail: modelFault };
    const databaseFault = await findDatabaseFault(pool);
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
