import { randomInt } from 'node:crypto';
import type { Server } from 'node:http';
import { Server as NetServer } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { config as loadDotenv } from 'dotenv';
import { pino } from 'pino';
import { type ApiConfig, ConfigError, parseConfig } from './config.ts';
import { createModels } from './features/models/create-models.ts';
import { keepFollowing } from './features/models/keep-following.ts';
import { createGroupCommit } from './features/readings/group-commit.ts';
import { createIngest } from './features/readings/ingest.ts';
import { insertReadings } from './features/readings/insert-readings.ts';
import { createLedger } from './features/sensors/ledger.ts';
import { createFold } from './features/statistics/rollups/fold-deltas.ts';
import { rollupShards } from './features/statistics/rollups/rollup-sql.ts';
import { createStream } from './features/stream/create-stream.ts';
import { createAnswerProblem } from './http/answer-problem.ts';
import { createListener } from './http/create-listener.ts';
import { createServer } from './http/create-server.ts';
import { createProblemLog } from './http/problem-log.ts';
import { toFullDiskFault } from './storage/database-errors.ts';
import { type CallbackPool, createPool } from './storage/pool.ts';

const maxRowsPerCommit = 1000;
const drainMs = 8000;
/** Replicas serve what is activated on one of them about so much later. */
const followIntervalMs = 1000;
/** What the ledger counts beside the rows is written so often. */
const ledgerIntervalMs = 500;
/** How long what a commit adds to the rollups waits beside them. */
const foldIntervalMs = 500;
const ledgerFlushMs = 1000;
/** How long the start waits for the database to say which model serves; until it does, nothing is scored. */
const modelGraceMs = 3000;
/** Longer than nginx keeps an idle connection. */
const idleMs = 2000;

function readConfig(): ApiConfig {
  loadDotenv({ quiet: true });
  try {
    return parseConfig(process.env);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`The API cannot start:\n${error.message}\n`);
    process.exit(2);
  }
}

/**
 * Takes no more connections; resolves when the last answer is sent. Idle connections are left to the other end for a
 * moment: a request may be on its way on one of them, and a proxy cannot know whether it may send that again.
 */
function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const closeIdle = () => setInterval(() => server.closeIdleConnections(), 100).unref();
    setTimeout(closeIdle, idleMs).unref();
    // The `close` of HTTP ends idle connections at once; that of TCP does not.
    NetServer.prototype.close.call(server, () => resolve());
  });
}

function endPool(pool: CallbackPool): Promise<void> {
  return new Promise((resolve) => pool.end(() => resolve()));
}

async function start(config: ApiConfig): Promise<void> {
  const log = pino({ level: config.logLevel });
  const { databaseUrl } = config;
  // Each kind of work has connections of its own, so that none waits for another: what a commit needs for nothing else.
  const writing = createPool({ databaseUrl, connections: 4, isWriting: true });
  const following = createPool({ databaseUrl, connections: 3 });
  const reading = createPool({ databaseUrl, connections: 8 });
  const changing = createPool({ databaseUrl, connections: 4, isWriting: true });
  const shard = randomInt(rollupShards);
  const now = () => new Date();
  const ledger = createLedger({ pool: writing, log, now, gapAfterMs: config.silentAfterMs });
  const groupCommit = createGroupCommit({
    commit: async (rows) => {
      const committed = await insertReadings(writing, rows, { shard, findLateness: ledger.findLateness });
      stream.wake();
      return committed;
    },
    maxRowsPerCommit,
    maxQueuedRows: config.maxQueuedReadings,
    maxQueueAgeMs: config.maxQueueAgeMs,
  });
  const ingest = createIngest({ groupCommit, now });
  const { modelDirectory: directory, modelName } = config;
  const models = createModels({ directory, modelName, pool: following, log, now });
  await Promise.race([models.follower.follow(), delay(modelGraceMs)]);
  const { inUse } = models;
  const stream = createStream({ ...config, pool: reading, following, log, now, inUse });
  const flushing = keepFollowing({ follow: ledger.flush, intervalMs: ledgerIntervalMs });
  const folding = keepFollowing({
    follow: createFold({ pool: writing, shard, log }),
    intervalMs: foldIntervalMs,
  });
  const watchingModel = keepFollowing({ follow: models.follower.follow, intervalMs: followIntervalMs });
  const stopping = new AbortController();
  const { signal } = stopping;
  const findCommitFault = () => toFullDiskFault(groupCommit.fault());
  const answerProblem = createAnswerProblem(createProblemLog(log));
  const pools = { pool: reading, following, changing };
  const parts = { ...pools, ingest, models, ledger, stream, answerProblem, findCommitFault };
  const listener = createListener({ ...config, ...parts, now, stopping: signal });

  const server = createServer(listener, config, answerProblem);
  server.once('error', (error) => {
    process.stderr.write(
      `The API cannot listen on ${config.host}:${config.port}: ${error.message}. Set API_PORT.\n`,
    );
    process.exit(1);
  });
  server.listen(config.port, config.host, () => log.info(server.address(), 'listening'));

  async function stop(signal: string): Promise<void> {
    log.info({ signal }, 'stopping');
    watchingModel.stop();
    flushing.stop();
    folding.stop();
    stream.close();
    stopping.abort();
    await Promise.race([close(server).then(() => groupCommit.flush()), delay(drainMs)]);
    await Promise.race([ledger.flush(), delay(ledgerFlushMs)]);
    await Promise.race([Promise.all([writing, following, reading, changing].map(endPool)), delay(1000)]);
    process.exit(0);
  }
  process.once('SIGTERM', stop);
  process.once('SIGINT', stop);
}

await start(readConfig());
