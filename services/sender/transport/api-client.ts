import type { Readable } from 'node:stream';
import { Axios, type AxiosRequestConfig, type AxiosResponse, isAxiosError } from 'axios';
import type { Clock } from '../clock.ts';
import { parseRetryAfter } from './backoff.ts';
import type { Times } from './exchange.ts';
import { createUndiciAdapter } from './undici-adapter.ts';

export const maxAnswerBytes = 16 * 1024 * 1024;

export type Answer = {
  status: number;
  body: unknown;
  replayed: boolean;
  retryAfterMs: number | undefined;
  times: Times;
};
export type Unreachable = { unreachable: string };
export type Reply = Answer | Unreachable;

export type ApiClient = ReturnType<typeof createApiClient>;
type ApiOptions = { apiUrl: string; timeoutMs: number; concurrency: number; clock: Clock };
type Body = { data: unknown; signal: AbortSignal } | { text: string; signal: AbortSignal };
type StreamBody = { lines: string | Readable; signal: AbortSignal };

const json = { 'Content-Type': 'application/json' };
const ndjson = { 'Content-Type': 'application/x-ndjson' };

/**
 * Every status is an answer; no answer at all is `unreachable`, with the reason. Neither is thrown. Of axios, the bare
 * class: the defaults of its usual instance cost as much processor time as sending the request.
 */
export function createApiClient({ apiUrl, timeoutMs, concurrency, clock }: ApiOptions) {
  const { adapter, close } = createUndiciAdapter({ apiUrl, concurrency, maxAnswerBytes, clock });
  const http = new Axios({ adapter, timeout: timeoutMs });

  async function ask(config: AxiosRequestConfig): Promise<AxiosResponse<unknown> | Unreachable> {
    try {
      return await http.request<unknown>(config);
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      return { unreachable: error.message || error.code || 'no answer' };
    }
  }

  function toAnswer({ status, data, headers, request }: AxiosResponse<unknown>): Answer {
    const times: Times = request; // as the adapter has it
    return {
      times,
      status,
      body: typeof data === 'string' ? parseBody(data) : data,
      replayed: headers['idempotency-replayed'] === 'true',
      retryAfterMs: parseRetryAfter(headers['retry-after']?.toString(), clock.now()),
    };
  }

  async function request(config: AxiosRequestConfig): Promise<Reply> {
    const response = await ask(config);
    return 'unreachable' in response ? response : toAnswer(response);
  }

  return {
    get: (url: string, signal: AbortSignal) => request({ method: 'get', url, signal }),
    delete: (url: string, signal: AbortSignal) => request({ method: 'delete', url, signal }),
    /** `text` is sent as it is. */
    post: (url: string, body: Body) => {
      const data = 'text' in body ? body.text : JSON.stringify(body.data);
      return request({ method: 'post', url, data, headers: json, signal: body.signal });
    },
    /** The body of the answer is a stream, which begins before all lines are sent; errors end it. */
    postStream: async (url: string, { lines, signal }: StreamBody) => {
      const config = { method: 'post', url, data: lines, headers: ndjson, signal } as const;
      const response = await ask({ ...config, responseType: 'stream' });
      // The adapter answers a stream with one.
      return 'unreachable' in response
        ? response
        : { ...toAnswer(response), body: response.data as Readable };
    },
    close,
  };
}

export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
