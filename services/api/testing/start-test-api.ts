import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { type Logger, pino } from 'pino';
import { parseConfig } from '../config.ts';
import { createModels, type Models } from '../features/models/create-models.ts';
import { createGroupCommit } from '../features/readings/group-commit.ts';
import { createIngest } from '../features/readings/ingest.ts';
import { insertReadings } from '../features/readings/insert-readings.ts';
import { createLedger, type Ledger } from '../features/sensors/ledger.ts';
import { createStream, type StreamOptions } from '../features/stream/create-stream.ts';
import { createAnswerProblem } from '../http/answer-problem.ts';
import { createListener } from '../http/create-listener.ts';
import { createServer } from '../http/create-server.ts';
import { createProblemLog } from '../http/problem-log.ts';
import { toFullDiskFault } from '../storage/database-errors.ts';
import { createPool } from '../storage/pool.ts';

const packagedModels = fileURLToPath(new URL('../../../model/artifacts', import.meta.url));

interface TestApiOptions {
  databaseUrl: string;
  modelDirectory?: string;
  modelName?: string;
  now?: () => Date;
  /** Settings other than the default, by their names in the environment. */
  settings?: Record<string, string>;
  log?: Logger;
  streamLimits?: Pick<StreamOptions, 'maxBufferedBytes'>;
}

export interface TestApi {
  url: string;
  models: Models;
  ledger: Ledger;
  post: (body: unknown, headers?: Record<string, string>) => Promise<Response>;
  get: (path: string) => Promise<Response>;
  /** As SIGTERM does: streams end with what they have. */
  stop: () => void;
  close: () => Promise<void>;
}

/** The whole app on a free port, on a real database. */
export async function startTestApi({
  databaseUrl,
  modelDirectory = packagedModels,
  modelName = 'gradient-boosting',
  now = () => new Date(),
  settings = {},
  log = pino({ level: 'silent' }),
  streamLimits = {},
}: TestApiOptions): Promise<TestApi> {
  const config = parseConfig({ ...settings, DATABASE_URL: databaseUrl });
  const pool = createPool({ databaseUrl, connections: 4 });
  const following = createPool({ databaseUrl, connections: 2 });
  const writing = createPool({ databaseUrl, connections: 2, isWriting: true });
  const changing = createPool({ databaseUrl, connections: 4, isWriting: true });
  const ledger = createLedger({ pool: writing, log, now, gapAfterMs: config.silentAfterMs });
  const groupCommit = createGroupCommit({
    commit: async (rows) => {
      const committed = await insertReadings(writing, rows, { findLateness: ledger.findLateness });
      stream.wake();
      return committed;
    },
    maxRowsPerCommit: 1000,
    maxQueuedRows: config.maxQueuedReadings,
    maxQueueAgeMs: config.maxQueueAgeMs,
  });
  const ingest = createIngest({ groupCommit, now });
  const models = createModels({ directory: modelDirectory, modelName, pool: following, log, now });
  await models.follower.follow();
  const stream = createStream({
    ...config,
    pool,
    following,
    log,
    now,
    inUse: models.inUse,
    ...streamLimits,
  });
  const stopping = new AbortController();
  const { signal } = stopping;
  const findCommitFault = () => toFullDiskFault(groupCommit.fault());
  const answerProblem = createAnswerProblem(createProblemLog(log));
  const pools = { pool, following, changing };
  const parts = { ...pools, ingest, models, ledger, stream, answerProblem, findCommitFault };
  const listener = createListener({ ...config, ...parts, now, stopping: signal });
  const server = createServer(listener, config, answerProblem);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has one
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    models,
    ledger,
    post: (body, headers) =>
      fetch(`${url}/predict`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path) => fetch(`${url}${path}`),
    stop: () => stopping.abort(),
    async close() {
      stopping.abort();
      stream.close();
      await ledger.flush();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      for (const each of [pool, following, writing, changing])
        await new Promise<void>((resolve) => each.end(() => resolve()));
    },
  };
}
