import { fileURLToPath } from 'node:url';
import { type Logger, pino } from 'pino';
import { createApiProcess } from '../api-process.ts';
import { type ApiConfig, parseConfig } from '../config.ts';

const packagedModels = fileURLToPath(new URL('../../../model/artifacts', import.meta.url));

interface TestApiOptions {
  databaseUrl: string;
  modelDirectory?: string;
  modelName?: string;
  now?: () => Date;
  /** Environment variables that differ from the defaults. */
  settings?: Record<string, string>;
  /** Settings that have no environment variable. */
  config?: Partial<ApiConfig>;
  log?: Logger;
}

export interface TestApi {
  url: string;
  post: (body: unknown, headers?: Record<string, string>) => Promise<Response>;
  get: (path: string) => Promise<Response>;
  /** Stops like on SIGTERM: requests in progress are answered first. */
  stop: () => Promise<void>;
}

/** Starts the API in this process, with its real wiring and database, on a free port. Stops without the idle grace period. */
export async function startTestApi({
  databaseUrl,
  modelDirectory = packagedModels,
  modelName = 'gradient-boosting',
  now = () => new Date(),
  settings = {},
  config = {},
  log = pino({ level: 'silent' }),
}: TestApiOptions): Promise<TestApi> {
  const variables = { MODEL_DIR: modelDirectory, MODEL_NAME: modelName, API_PORT: '0', ...settings };
  const parsed = parseConfig({ ...variables, DATABASE_URL: databaseUrl });
  const quick = { idleGraceMs: 0, drainMs: 1000, activationIntervalMs: 50, ledgerIntervalMs: 50 };
  const patient = { activationGraceMs: 30_000 };
  const api = createApiProcess({ ...parsed, ...quick, ...patient, ...config }, { log, now, environment: {} });
  const { port } = await api.listen();
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    post: (body, headers) =>
      fetch(`${url}/predict`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
      }),
    get: (path) => fetch(`${url}${path}`),
    stop: api.stop,
  };
}
