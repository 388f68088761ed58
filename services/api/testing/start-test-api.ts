import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { pino } from 'pino';
import { createApp } from '../app.ts';
import { createGroupCommit } from '../ingest/group-commit.ts';
import { createIngest } from '../ingest/ingest.ts';
import { loadModel, type ModelInUse } from '../model-in-use.ts';
import { insertReadings } from '../storage/insert-readings.ts';
import { createPool } from '../storage/pool.ts';

const artifact = fileURLToPath(new URL('../../../model/artifacts/gradient-boosting.json', import.meta.url));

interface TestApiOptions {
  databaseUrl: string;
  model?: ModelInUse;
  now?: () => Date;
  maxBodyBytes?: number;
  maxQueuedRows?: number;
}

export interface TestApi {
  url: string;
  model: ModelInUse;
  post: (body: unknown, headers?: Record<string, string>) => Promise<Response>;
  get: (path: string) => Promise<Response>;
  close: () => Promise<void>;
}

/** The whole app on a free port, on a real database. */
export async function startTestApi({
  databaseUrl,
  model,
  now = () => new Date(),
  maxBodyBytes = 1_048_576,
  maxQueuedRows = 20_000,
}: TestApiOptions): Promise<TestApi> {
  const modelInUse = model ?? (await loadModel(artifact));
  const pool = createPool({ databaseUrl, connections: 4 });
  const groupCommit = createGroupCommit({
    commit: (rows) => insertReadings(pool, rows),
    maxRowsPerCommit: 1000,
    maxQueuedRows,
  });
  const ingest = createIngest({ score: modelInUse.score, groupCommit, now });
  const log = pino({ level: 'silent' });
  const app = createApp({ ingest, model: modelInUse, pool, log, now, maxBodyBytes, silentAfterMs: 60_000 });
  const server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // a TCP server has one
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    model: modelInUse,
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
