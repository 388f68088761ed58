import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { createRoutes } from './api-routes.ts';
import type { ApiConfig } from './config.ts';
import { createCore, type Surroundings } from './core.ts';
import { evaluationIntervalMs } from './features/incidents/evaluation/evaluation.ts';
import { buildIntervalMs, createBuild, maxBuildShare } from './features/statistics/rollups/build-extremes.ts';
import { createFold } from './features/statistics/rollups/fold-deltas.ts';
import { createAnswerProblem } from './http/answer-problem.ts';
import { closeServer, createServer } from './http/create-server.ts';
import { createProblemLog } from './http/problem-log.ts';
import { createListener } from './http/request-pipeline.ts';
import { repeat } from './repeat.ts';
import { createPools } from './storage/pool.ts';

export interface ApiProcess {
  /** Resolves when the server accepts requests. @throws Error if it cannot listen on the port */
  listen: () => Promise<AddressInfo>;
  /** Answers and commits all accepted requests, then closes everything. Repeated calls return the same promise. */
  stop: () => Promise<void>;
}

/** How often the rules file is looked at. */
const rulesIntervalMs = 1000;

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
  const { models, writeViews, ledger, stream, groupCommit, evaluation, readRulesFile } = core;
  let loops: { stop: () => void }[] = [];

  function startLoops(): void {
    const fold = createFold({ pool: pools.writing, log });
    const build = createBuild({ pool: pools.changing, log, now });
    loops = [
      repeat({ work: models.follower.follow, intervalMs: config.activationIntervalMs }),
      repeat({ work: writeViews, intervalMs: config.activationIntervalMs }),
      repeat({ work: ledger.flush, intervalMs: config.ledgerIntervalMs }),
      repeat({ work: fold, intervalMs: config.foldIntervalMs }),
      repeat({ work: readRulesFile, intervalMs: rulesIntervalMs }),
      repeat({ work: evaluation.evaluate, intervalMs: evaluationIntervalMs }),
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
    await Promise.race([Promise.all([ledger.flush(), evaluation.stop()]), delay(1000)]);
    // A connection that the database did not answer in time rejects here; it is closed all the same.
    const closed = Promise.allSettled(Object.values(pools).map((pool) => pool.end()));
    await Promise.race([closed, delay(1000)]);
  }
  let stopped: Promise<void> | undefined;

  return {
    async listen() {
      await Promise.race([models.follower.follow(), delay(config.activationGraceMs)]);
      await readRulesFile();
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
