import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import axios from 'axios';
import { parseRetryAfter } from './backoff.ts';
import type { Clock } from './clock.ts';

const maxAnswerBytes = 16 * 1024 * 1024;

export type Answer = {
  status: number;
  body: unknown;
  replayed: boolean;
  retryAfterMs: number | undefined;
};
export type Unreachable = { unreachable: string };
export type Reply = Answer | Unreachable;

export type ApiClient = ReturnType<typeof createApiClient>;
type ApiOptions = { apiUrl: string; timeoutMs: number; concurrency: number; clock: Clock };

/** Every status is an answer; no answer at all is `unreachable`, with the reason. Neither is thrown. */
export function createApiClient({ apiUrl, timeoutMs, concurrency, clock }: ApiOptions) {
  const agentOptions = { keepAlive: true, maxSockets: concurrency };
  const agents = { httpAgent: new HttpAgent(agentOptions), httpsAgent: new HttpsAgent(agentOptions) };
  const http = axios.create({
    ...agents,
    baseURL: apiUrl,
    timeout: timeoutMs,
    // A redirect or a proxy in between could answer 200 in the API's stead.
    maxRedirects: 0,
    proxy: false,
    maxContentLength: maxAnswerBytes,
    validateStatus: () => true,
    headers: { Accept: 'application/json, application/problem+json' },
  });

  async function request(config: RequestOptions): Promise<Reply> {
    try {
      const { status, data, headers } = await http.request<unknown>(config);
      return {
        status,
        body: data,
        replayed: headers['idempotency-replayed'] === 'true',
        retryAfterMs: parseRetryAfter(headers['retry-after']?.toString(), clock.now()),
      };
    } catch (error) {
      if (!axios.isAxiosError(error)) throw error;
      return { unreachable: error.message || error.code || 'no answer' };
    }
  }

  return {
    get: (url: string, signal: AbortSignal) => request({ method: 'GET', url, signal }),
    post: (url: string, body: { data: unknown; signal: AbortSignal }) =>
      request({ method: 'POST', url, ...body }),
    close: () => {
      agents.httpAgent.destroy();
      agents.httpsAgent.destroy();
    },
  };
}

type RequestOptions = { method: 'GET' | 'POST'; url: string; data?: unknown; signal: AbortSignal };
