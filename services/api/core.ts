import { randomInt } from 'node:crypto';
import { createAlerting, type Surroundings } from './alerting.ts';
import type { ApiConfig } from './config.ts';
import { createActivateModel } from './features/models/activate-model.ts';
import { createActivationFollower } from './features/models/activation-follower.ts';
import { createModelFolder } from './features/models/model-folder.ts';
import { createModelRegistry } from './features/models/model-registry.ts';
import { createModelsInUse } from './features/models/models-in-use.ts';
import { createGroupCommit } from './features/readings/group-commit.ts';
import { createCommit, fenceShards } from './features/readings/insert-readings.ts';
import { createLedger } from './features/sensors/ledger.ts';
import { createStream } from './features/stream/create-stream.ts';
import { createOwnArrivals } from './features/stream/own-arrivals.ts';
import { createTypeRegistry, type TypeRegistry } from './features/types/type-registry.ts';
import { createViewWriter } from './features/types/views.ts';
import { createWorkLimit } from './http/work-limit.ts';
import { createStorageKeys } from './storage/keys.ts';
import type { Pools } from './storage/pool.ts';

type LoadingSurroundings = Surroundings & { loading: AbortSignal };

export type Core = ReturnType<typeof createCore>;

/** The services behind the routes. Explanations block the event loop, so they run one at a time. */
export function createCore(config: ApiConfig, pools: Pools, surroundings: LoadingSurroundings) {
  const { log, now } = surroundings;
  const { silentAfterMs } = config;
  const types = createTypeRegistry({ pool: pools.following, defaultName: config.defaultType });
  const models = createModels(config, { pools, types }, surroundings);
  const ledger = createLedger({
    pool: pools.writing,
    log,
    now,
    gapAfterMs: silentAfterMs,
    newestAgeMs: config.newestAgeMs,
  });
  const stream = createStream({
    pool: pools.following,
    log,
    now,
    types,
    inUse: models.inUse,
    silentAfterMs,
    maxStreams: config.maxStreams,
  });
  const keys = createStorageKeys({ pool: pools.writing, maxSensors: config.maxSensors });
  const fenceShard = randomInt(fenceShards);
  const ownArrivals = createOwnArrivals();
  const writeViews = createViewWriter({ pool: pools.changing, log, list: types.list });
  const groupCommit = createGroupCommit({
    commit: createCommit({
      pool: pools.writing,
      types,
      models: keys.models,
      fenceShard,
      ledger,
      stream,
      ownArrivals,
    }),
    maxRowsPerCommit: config.maxRowsPerCommit,
    maxQueuedRows: config.maxQueuedReadings,
    maxQueueAgeMs: config.maxQueueAgeMs,
  });
  const explaining = createWorkLimit({
    what: 'explanations',
    concurrency: 1,
    maxWaiting: config.maxExplanations - 1,
  });
  const { registry } = models;
  const alerting = createAlerting(config, { pools, types, registry, explaining, ownArrivals }, surroundings);
  const { sensors } = keys;
  return { types, writeViews, models, sensors, ledger, stream, groupCommit, explaining, ...alerting };
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
