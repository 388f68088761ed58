import axios, { isAxiosError } from 'axios';
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import { createDeliver, type Delivery, parseRetryAfter, type Reply } from '../load/deliver.ts';

const maxAnswerBytes = 16 * 1024 * 1024;

export interface ControlClientOptions {
  apiUrl: string;
  timeoutMs: number;
  clock: Clock;
  random: () => number;
  onRetry: (reason: string) => void;
  /** A request that may have been retried is answered. */
  onAnswer: () => void;
}

export interface ControlRequest {
  method: 'get' | 'post' | 'delete';
  url: string;
  signal: AbortSignal;
  /** Called for each attempt, so that a retry sends the latest state. */
  toData?: () => unknown;
}

export type ControlClient = ReturnType<typeof createControlClient>;

/** Everything but the readings themselves: leases, acks, labels, readiness and statistics. */
export function createControlClient(options: ControlClientOptions) {
  const { apiUrl, timeoutMs, clock, random, onRetry, onAnswer } = options;
  const http = axios.create({
    baseURL: apiUrl,
    timeout: timeoutMs,
    timeoutErrorMessage: `no answer within ${timeoutMs} ms`,
    maxContentLength: maxAnswerBytes,
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
  });
  const deliver = createDeliver({ clock, random, onRetry });

  /** One attempt; every status is an answer. */
  async function request({ method, url, signal, toData }: ControlRequest): Promise<Reply> {
    try {
      const { status, data, headers } = await http.request<unknown>({
        method,
        url,
        signal,
        data: toData?.(),
      });
      const retryAfterMs = parseRetryAfter(headers['retry-after']?.toString(), clock.now());
      return { status, body: data, isDuplicate: false, retryAfterMs };
    } catch (error) {
      if (!isAxiosError(error)) throw error;
      return { unreachable: error.message || error.code || 'no answer' };
    }
  }

  return {
    request,
    /** Retries until the request is answered or its signal is aborted. */
    async send<Body>(sent: ControlRequest & { schema: z.ZodType<Body> }): Promise<Delivery<Body>> {
      const { schema, signal } = sent;
      const delivery = await deliver({ attempt: () => request(sent), schema, signal });
      if (delivery.outcome !== 'unfinished') onAnswer();
      return delivery;
    },
  };
}
