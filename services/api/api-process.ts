import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Surroundings } from './alerting.ts';
import { createRoutes } from './api-routes.ts';
import type { ApiConfig } from './config.ts';
import { type Core, createCore } from './core.ts';
import { evaluationIntervalMs } from './features/incidents/evaluation/evaluation.ts';
import { peaksIntervalMs } from './features/incidents/explain-peaks.ts';
import { buildIntervalMs, createBuild, maxBuildShare } from './features/statistics/rollups/build-extremes.ts';
import { createFold } from './features/statistics/rollups/fold-deltas.ts';
import { createAnswerProblem } from './http/answer-problem.ts';
import { closeServer, createServer } from './http/create-server.ts';
import { createProblemLog } from './http/problem-log.ts';
import { createListener } from './http/request-pipeline.ts';
import { repeat } from './repeat.ts';
import { createPools, type Pools } from './storage/pool.ts';

export interface ApiProcess {
  /** Resolves when the server accepts requests. @throws Error if it cannot listen on the port */
  listen: () => Promise<AddressInfo>;
  /** Answers and commits all accepted requests, then closes everything. Repeated calls return the same promise. */
  stop: () => Promise<void>;
}

/** How often the rules file and the stored receivers are looked at. */
const settingsIntervalMs = 1000;
/** How long the stop waits for notifications that are being sent. Other processes send those that take longer. */
const sendingGraceMs = 2000;

/** Wires the whole API. Nothing runs before `listen`. */
export function createApiProcess(config: ApiConfig, surroundings: Surroundings): ApiProcess {
  const { log, now } = surroundings;
  const pools = createPools(config.databaseUrl);
  const loading = new AbortController();
  const core = createCore(config, pools, { ...surroundings, loading: loading.signal });
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
  const { models, ledger, stream, groupCommit, readSettings, evaluation, deliverer } = core;
  let loops: Loop[] = [];

  async function stop(): Promise<void> {
    for (const loop of loops) loop.stop();
    const handedOver = evaluation.stop();
    stream.close();
    stopping.abort();
    const drained = closeServer(server, config.idleGraceMs).then(() => groupCommit.flush());
    await Promise.race([drained, delay(config.drainMs)]);
    server.closeAllConnections();
    loading.abort();
    const written = Promise.race([Promise.all([ledger.flush(), handedOver]), delay(1000)]);
    await Promise.all([written, Promise.race([deliverer.stop(), delay(sendingGraceMs)])]);
    // A connection that the database did not answer in time rejects here; it is closed all the same.
    const closed = Promise.allSettled(Object.values(pools).map((pool) => pool.end()));
    await Promise.race([closed, delay(1000)]);
  }
  let stopped: Promise<void> | undefined;

  return {
    async listen() {
      await Promise.race([models.follower.follow(), delay(config.activationGraceMs)]);
      await readSettings();
      loops = startLoops(core, pools, { config, log, now });
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

type Loop = ReturnType<typeof repeat>;

interface LoopOptions extends Pick<Surroundings, 'log' | 'now'> {
  config: ApiConfig;
}

function startLoops(core: Core, pools: Pools, { config, log, now }: LoopOptions): Loop[] {
  const { models, writeViews, ledger, readSettings, evaluation, explainPeaks } = core;
  const { deliverer, repeatNotifications } = core;
  const fold = createFold({ pool: pools.writing, log });
  const build = createBuild({ pool: pools.changing, log, now });
  return [
    repeat({ work: models.follower.follow, intervalMs: config.activationIntervalMs }),
    repeat({ work: writeViews, intervalMs: config.activationIntervalMs }),
    repeat({ work: ledger.flush, intervalMs: config.ledgerIntervalMs }),
    repeat({ work: fold, intervalMs: config.foldIntervalMs }),
    repeat({ work: readSettings, intervalMs: settingsIntervalMs }),
    repeat({ work: evaluation.evaluate, intervalMs: evaluationIntervalMs }),
    repeat({ work: explainPeaks, intervalMs: peaksIntervalMs }),
    repeat({ work: deliverer.deliver, intervalMs: config.deliveryIntervalMs }),
    repeat({ work: repeatNotifications, intervalMs: config.repeatsIntervalMs }),
    repeat({ work: build, intervalMs: buildIntervalMs, maxShare: maxBuildShare }),
  ];
}
