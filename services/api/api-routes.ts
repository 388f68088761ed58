import type { ApiConfig } from './config.ts';
import type { Core } from './core.ts';
import { createAlertRoutes } from './features/alerts/routes.ts';
import { createFeedbackRoutes } from './features/feedback/routes.ts';
import { createIncidentRoutes } from './features/incidents/routes.ts';
import { createSilenceRoutes } from './features/incidents/silence-routes.ts';
import { createInferenceRoutes } from './features/models/inference-routes.ts';
import { createModelRoutes } from './features/models/routes.ts';
import { createNotificationRoutes } from './features/notifications/routes.ts';
import { createPostPredict } from './features/readings/predict.ts';
import { createReadingRoutes } from './features/readings/routes.ts';
import { createReplayRoutes } from './features/replays/routes.ts';
import { createRulePreviewRoutes } from './features/rules/preview-routes.ts';
import { createRuleRoutes } from './features/rules/routes.ts';
import { createSensorRoutes } from './features/sensors/routes.ts';
import { createStatisticsRoutes } from './features/statistics/routes.ts';
import { createStreamRoutes } from './features/stream/routes.ts';
import { createSystemRoutes } from './features/system/routes.ts';
import { createTypeRoutes } from './features/types/routes.ts';
import type { AnswerProblem } from './http/answer-problem.ts';
import { createClientLimit } from './http/client-limit.ts';
import { createApp } from './http/express-app.ts';
import { createHealthRoutes } from './http/health-routes.ts';
import { createWorkLimit } from './http/work-limit.ts';
import { toFullDiskFault } from './storage/database-errors.ts';
import type { Pools } from './storage/pool.ts';

interface RoutesOptions {
  config: ApiConfig;
  pools: Pools;
  core: Core;
  answerProblem: AnswerProblem;
  now: () => Date;
  stopping: AbortSignal;
}

/** The handler of `POST /predict`, and the Express app with all other routes. */
export function createRoutes({ config, pools, core, answerProblem, now, stopping }: RoutesOptions) {
  const { maxBodyBytes, maxBatchReadings, maxLineBytes, maxDecodedBytes, silentAfterMs } = config;
  const { maxPreviewReadings, maxKeptPreviewReadings, maxClockSkewMs } = config;
  const { types, writeViews, models, sensors, ledger, stream, groupCommit, explaining } = core;
  const { rulesOfFile, toChangeStatements, receivers, sendTest } = core;
  const { reading: pool, following, changing } = pools;
  const { inUse, registry, activate } = models;
  const { inferring, querying, testing, exporting, exportsByClient } = createWorkLimits(config);
  const bodyLimits = { maxBodyBytes, maxBatchReadings, maxLineBytes, maxDecodedBytes };
  const postPredict = createPostPredict(
    { groupCommit, types, sensors, inUse, registry, ledger, now, explaining, stopping, ...bodyLimits },
    answerProblem,
  );
  const findCommitFault = () => toFullDiskFault(groupCommit.fault());
  const app = createApp({
    routers: [
      createReadingRoutes({
        types,
        inUse,
        registry,
        pool,
        explaining,
        querying,
        exporting,
        exportsByClient,
      }),
      createTypeRoutes({ types, inUse, changing, writeViews, maxBodyBytes, maxTypes: config.maxTypes }),
      createModelRoutes({ types, inUse, registry, activate, pool, explaining }),
      createInferenceRoutes({ types, inUse, registry, inferring, maxBodyBytes }),
      createStatisticsRoutes({ types, pool, querying, now, silentAfterMs }),
      createSensorRoutes({ types, pool, querying, now, silentAfterMs }),
      createAlertRoutes({ types, pool, following, querying, now, silentAfterMs }),
      createStreamRoutes(stream, types),
      // Before the routes of rules, which take every name.
      createRulePreviewRoutes({
        types,
        pool,
        now,
        maxBodyBytes,
        maxPreviewReadings,
        maxKeptPreviewReadings,
        maxClockSkewMs,
      }),
      createRuleRoutes({ types, pool, changing, maxBodyBytes, now, rulesOfFile }),
      createIncidentRoutes({ types, pool, changing, querying, maxBodyBytes, now, toChangeStatements }),
      createSilenceRoutes({ pool, changing, maxBodyBytes, now }),
      createNotificationRoutes({ receivers, sendTest, pool, changing, querying, testing, maxBodyBytes }),
      createFeedbackRoutes({ types, pool, changing, querying, maxBodyBytes, now }),
      createReplayRoutes({ types, pool, changing, maxBodyBytes }),
      createSystemRoutes({ types, inUse, pool: following, now, rulesFile: config.rulesFile, rulesOfFile }),
      createHealthRoutes({ types, inUse, pool: following, findCommitFault }),
    ],
    answerProblem,
  });
  return { postPredict, app };
}

/** Limits expensive work. Inferences block the event loop, so they run one at a time. */
function createWorkLimits(config: ApiConfig) {
  const { maxInferences, maxQueries, maxExports, trustProxy } = config;
  return {
    inferring: createWorkLimit({ what: 'inferences', concurrency: 1, maxWaiting: maxInferences - 1 }),
    querying: createWorkLimit({ what: 'queries', concurrency: maxQueries, maxWaiting: 0 }),
    testing: createWorkLimit({ what: 'test messages', concurrency: 4, maxWaiting: 0 }),
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
