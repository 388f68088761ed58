import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { createApp } from '../app.ts';
import { createGroupCommit } from '../ingest/group-commit.ts';
import { createIngest } from '../ingest/ingest.ts';
import { createModels, type Models } from '../models/create-models.ts';
import { insertReadings } from '../storage/insert-readings.ts';
import { createPool } from '../storage/pool.ts';

const packagedModels = fileURLToPath(new URL('../../../model/artifacts', import.meta.url));

interface TestApiOptions {
  databaseUrl: string;
  modelDirectory?: string;
  modelName?: string;
  now?: () => Date;
  maxBodyBytes?: number;
  maxQueuedRows?: number;
}

export interface TestApi {
  url: string;
  models: Models;
  post: (body: unknown, headers?: Record<string, string>) => Promise<Response>;
  get: (path: string) => Promise<Response>;
  close: () => Promise<void>;
}

/** The whole app on a free port, on a real database. */
export async function startTestApi({
  databaseUrl,
  modelDirectory = packagedModels,
  modelName = 'gradient-boosting',
  now = () => new Date(),
  maxBodyBytes = 1_048_576,
  maxQueuedRows = 20_000,
}: TestApiOptions): Promise<TestApi> {
  const pool = createPool({ databaseUrl, connections: 4 });
  const groupCommit = createGroupCommit({
    commit: (rows) => insertReadings(pool, rows),
    maxRowsPerCommit: 1000,
    maxQueuedRows,
  });
  const ingest = createIngest({ groupCommit, now });
  const log = pino({ level: 'silent' });
  const models = createModels({ directory: modelDirectory, modelName, pool, log, now });
  await models.follower.follow();
  const app = createApp({ ingest, models, pool, log, now, maxBodyBytes, silentAfterMs: 60_000 });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has one
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    models,
    post: (body, headers) =>
      fetch(`${url}/predict`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path) => fetch(`${url}${path}`),
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await new Promise<void>((resolve) => pool.end(() => resolve()));
    },
  };
}
