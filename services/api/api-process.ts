import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { ApiConfig } from './config.ts';
import { createAlertRoutes } from './features/alerts/routes.ts';
import { createFeedbackRoutes } from './features/feedback/routes.ts';
import { createActivateModel } from './features/models/activate-model.ts';
import { createActivationFollower } from './features/models/activation-follower.ts';
import { createInferenceRoutes } from './features/models/inference-routes.ts';
import { createModelFolder } from './features/models/model-folder.ts';
import { createModelRegistry } from './features/models/model-registry.ts';
import { createModelsInUse } from './features/models/models-in-use.ts';
import { createModelRoutes } from './features/models/routes.ts';
import { createGroupCommit } from './features/readings/group-commit.ts';
import { createCommit, fenceShards } from './features/readings/insert-readings.ts';
import { createPostPredict } from './features/readings/predict.ts';
import { createReadingRoutes } from './features/readings/routes.ts';
import { createReplayRoutes } from './features/replays/routes.ts';
import { createRulePreviewRoutes } from './features/rules/preview-routes.ts';
import { createLedger } from './features/sensors/ledger.ts';
import { createSensorRoutes } from './features/sensors/routes.ts';
import { buildIntervalMs, createBuild, maxBuildShare } from './features/statistics/rollups/build-extremes.ts';
import { createFold } from './features/statistics/rollups/fold-deltas.ts';
import { createStatisticsRoutes } from './features/statistics/routes.ts';
import { createStream } from './features/stream/create-stream.ts';
import { createStreamRoutes } from './features/stream/routes.ts';
import { createTypeRoutes } from './features/types/routes.ts';
import { createTypeRegistry, type TypeRegistry } from './features/types/type-registry.ts';
import { createViewWriter } from './features/types/views.ts';
import { type AnswerProblem, createAnswerProblem } from './http/answer-problem.ts';
import { createClientLimit } from './http/client-limit.ts';
import { closeServer, createServer } from './http/create-server.ts';
import { createApp } from './http/express-app.ts';
import { createHealthRoutes } from './http/health-routes.ts';
import { createProblemLog } from './http/problem-log.ts';
import { createListener } from './http/request-pipeline.ts';
import { createWorkLimit } from './http/work-limit.ts';
import { repeat } from './repeat.ts';
import { toFullDiskFault } from './storage/database-errors.ts';
import { createStorageKeys } from './storage/keys.ts';
import { createPools, type Pools } from './storage/pool.ts';

export interface ApiProcess {
  /** Resolves when the server accepts requests. @throws Error if it cannot listen on the port */
  listen: () => Promise<AddressInfo>;
  /** Answers and commits all accepted requests, then closes everything. Repeated calls return the same promise. */
  stop: () => Promise<void>;
}

interface Surroundings {
  log: Logger;
  now: () => Date;
}

type LoadingSurroundings = Surroundings & { loading: AbortSignal };

/** Limits expensive work. Explanations and inferences block the event loop, so they run one at a time. */
function createWorkLimits(config: ApiConfig) {
  const { maxExplanations, maxInferences, maxQueries, maxExports, trustProxy } = config;
  return {
    explaining: createWorkLimit({ what: 'explanations', concurrency: 1, maxWaiting: maxExplanations - 1 }),
    inferring: createWorkLimit({ what: 'inferences', concurrency: 1, maxWaiting: maxInferences - 1 }),
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

/** Loads, selects and activates models. No model is loaded until the follower runs. */
function createModels(
  { modelDirectory, modelName, maxTypes }: ApiConfig,
  { pools, types }: { pools: Pools; types: TypeRegistry },
  { log, now, loading }: LoadingSurroundings,
) {
  const { following: pool, changing } = pools;
  const folder = createModelFolder(modelDirectory, loading);
  const inUse = createModelsInUse(log);
  const registry = createModelRegistry({ folder, inUse, types });
  const follower = createActivationFollower({ folder, registry, inUse, types, modelName, pool, log });
  const activate = createActivateModel({
    registry,
    follower,
    inUse,
    types,
    modelName,
    pool,
    changing,
    maxTypes,
    now,
  });
  return { inUse, registry, follower, activate };
}

/** The services behind the routes. */
function createCore(config: ApiConfig, pools: Pools, { log, now, loading }: LoadingSurroundings) {
  const { silentAfterMs } = config;
  const types = createTypeRegistry({ pool: pools.following, defaultName: config.defaultType });
  const models = createModels(config, { pools, types }, { log, now, loading });
  const ledger = createLedger({
    pool: pools.writing,
    log,
    now,
    gapAfterMs: silentAfterMs,
    newestAgeMs: config.newestAgeMs,
  });
  const stream = createStream({
    pool: pools.reading,
    following: pools.following,
    log,
    now,
    types,
    inUse: models.inUse,
    silentAfterMs,
    maxStreams: config.maxStreams,
    maxBufferedBytes: config.maxStreamBytes,
  });
  const keys = createStorageKeys({ pool: pools.writing, maxSensors: config.maxSensors });
  const fenceShard = randomInt(fenceShards);
  const writeViews = createViewWriter({ pool: pools.changing, log, list: types.list });
  const groupCommit = createGroupCommit({
    commit: createCommit({ pool: pools.writing, types, models: keys.models, fenceShard, ledger, stream }),
    maxRowsPerCommit: config.maxRowsPerCommit,
    maxQueuedRows: config.maxQueuedReadings,
    maxQueueAgeMs: config.maxQueueAgeMs,
  });
  return { types, writeViews, models, sensors: keys.sensors, ledger, stream, groupCommit };
}

interface RoutesOptions {
  config: ApiConfig;
  pools: Pools;
  core: ReturnType<typeof createCore>;
  answerProblem: AnswerProblem;
  now: () => Date;
  stopping: AbortSignal;
}

/** The handler of `POST /predict`, and the Express app with all other routes. */
function createRoutes({ config, pools, core, answerProblem, now, stopping }: RoutesOptions) {
  const { maxBodyBytes, maxBatchReadings, maxLineBytes, maxDecodedBytes, silentAfterMs } = config;
  const { maxPreviewReadings, maxKeptPreviewReadings } = config;
  const { types, writeViews, models, sensors, ledger, stream, groupCommit } = core;
  const { reading: pool, following, changing } = pools;
  const { inUse, registry, activate } = models;
  const { explaining, inferring, querying, exporting, exportsByClient } = createWorkLimits(config);
  const bodyLimits = { maxBodyBytes, maxBatchReadings, maxLineBytes, maxDecodedBytes };
  const postPredict = createPostPredict(
    { groupCommit, types, sensors, inUse, registry, ledger, now, explaining, stopping, ...bodyLimits },
    answerProblem,
  );
  const findCommitFault = () => toFullDiskFault(groupCommit.fault());
  const app = createApp({
    routers: [
      createReadingRoutes({ types, inUse, registry, pool, explaining, querying, exporting, exportsByClient }),
      createTypeRoutes({ types, inUse, changing, writeViews, maxBodyBytes, maxTypes: config.maxTypes }),
      createModelRoutes({ types, inUse, registry, activate, pool, explaining }),
      createInferenceRoutes({ types, inUse, registry, inferring, maxBodyBytes }),
      createStatisticsRoutes({ types, pool, querying }),
      createSensorRoutes({ types, pool, querying, now, silentAfterMs }),
      createAlertRoutes({ types, pool, following, querying, now, silentAfterMs }),
      createRulePreviewRoutes({ types, pool, now, maxBodyBytes, maxPreviewReadings, maxKeptPreviewReadings }),
      createStreamRoutes(stream, types),
      createFeedbackRoutes({ types, pool, changing, querying, maxBodyBytes, now }),
      createReplayRoutes({ types, pool, changing, maxBodyBytes }),
      createHealthRoutes({ types, inUse, pool: following, findCommitFault }),
    ],
    answerProblem,
  });
  return { postPredict, app };
}

/** Wires the whole API. Nothing runs before `listen`. */
export function createApiProcess(config: ApiConfig, { log, now }: Surroundings): ApiProcess {
  const pools = createPools(config.databaseUrl);
  const loading = new AbortController();
  const core = createCore(config, pools, { log, now, loading: loading.signal });
  const stopping = new AbortController();
  const answerProblem = createAnswerProblem(createProblemLog(log));
  const routes = { config, pools, core, answerProblem, now, stopping: stopping.signal };
  const listener = createListener({
    ...createRoutes(routes),
    answerProblem,
    allowedHosts: config.allowedHosts,
    maxRequests: config.maxRequests,
    maxRequestsPerClient: config.maxRequestsPerClient,
    trustProxy: config.trustProxy,
    stopping: stopping.signal,
  });
  const server = createServer(listener, config, answerProblem);
  const { models, writeViews, ledger, stream, groupCommit } = core;
  let loops: { stop: () => void }[] = [];

  function startLoops(): void {
    const fold = createFold({ pool: pools.writing, log });
    const build = createBuild({ pool: pools.changing, log, now });
    loops = [
      repeat({ work: models.follower.follow, intervalMs: config.activationIntervalMs }),
      repeat({ work: writeViews, intervalMs: config.activationIntervalMs }),
      repeat({ work: ledger.flush, intervalMs: config.ledgerIntervalMs }),
      repeat({ work: fold, intervalMs: config.foldIntervalMs }),
      repeat({ work: build, intervalMs: buildIntervalMs, maxShare: maxBuildShare }),
    ];
  }

  async function stop(): Promise<void> {
    for (const loop of loops) loop.stop();
    stream.close();
    stopping.abort();
    const drained = closeServer(server, config.idleGraceMs).then(() => groupCommit.flush());
    await Promise.race([drained, delay(config.drainMs)]);
    server.closeAllConnections();
    loading.abort();
    await Promise.race([ledger.flush(), delay(1000)]);
    // A connection that the database did not answer in time rejects here; it is closed all the same.
    const closed = Promise.allSettled(Object.values(pools).map((pool) => pool.end()));
    await Promise.race([closed, delay(1000)]);
  }
  let stopped: Promise<void> | undefined;

  return {
    async listen() {
      await Promise.race([models.follower.follow(), delay(config.activationGraceMs)]);
      startLoops();
      server.listen(config.port, config.host);
      await once(server, 'listening');
      return server.address() as AddressInfo; // a TCP server has one
    },
    stop() {
      stopped ??= stop();
      return stopped;
    },
  };
}
