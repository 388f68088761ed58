import { healthSchema } from '@sensor-sentinel/contracts';
import axios, { isAxiosError } from 'axios';
import type { z } from 'zod';
import type { Clock } from '../clock.ts';
import {
  type Delivery,
  isFinal,
  parseRetryAfter,
  type Reply,
  toDelivery,
  toReason,
  waitForRetry,
} from '../load/retry.ts';
import type { Log, OutageLog } from '../log.ts';

const maxAnswerBytes = 16 * 1024 * 1024;

export interface ControlClientOptions {
  apiUrl: string;
  timeoutMs: number;
  clock: Clock;
  random: () => number;
  outages: OutageLog;
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
  const { apiUrl, timeoutMs, clock, random, outages } = options;
  const http = axios.create({
    baseURL: apiUrl,
    timeout: timeoutMs,
    timeoutErrorMessage: `no answer within ${timeoutMs} ms`,
    maxContentLength: maxAnswerBytes,
    maxRedirects: 0,
    proxy: false,
    validateStatus: () => true,
  });

  /** One attempt; every status is an answer. */
  async function request({ method, url, signal, toData }: ControlRequest): Promise<Reply> {
    try {
      const sent = { method, url, signal, data: toData?.() };
      const { status, data, headers } = await http.request<unknown>(sent);
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
      for (let attempts = 1; ; attempts += 1) {
        const reply = await request(sent);
        if (isFinal(reply, attempts)) {
          outages.onAnswer();
          return toDelivery(reply, schema);
        }
        const isAgain = await waitForRetry({ reply, attempts, clock, random, outages, abort: signal });
        if (!isAgain) return { outcome: 'unfinished' };
      }
    },
  };
}

const pollIntervalMs = 500;
const logIntervalMs = 10_000;

interface ReadyOptions {
  control: ControlClient;
  clock: Clock;
  log: Log;
  /** 0: no limit. */
  timeoutMs: number;
  stop: AbortSignal;
}

/** Polls `GET /readyz`. `late`: the API was not ready in time. */
export async function waitUntilReady(options: ReadyOptions): Promise<'ready' | 'late' | 'stopped'> {
  const { control, clock, log, timeoutMs, stop } = options;
  const startedAtMs = clock.elapsed();
  let loggedAtMs: number | undefined;
  while (!stop.aborted) {
    const fault = findFault(await control.request({ method: 'get', url: '/readyz', signal: stop }));
    if (fault === undefined) {
      if (loggedAtMs !== undefined) log('the API is ready');
      return 'ready';
    }
    if (stop.aborted) break;
    const nowMs = clock.elapsed();
    if (timeoutMs > 0 && nowMs - startedAtMs >= timeoutMs) {
      log(`gave up waiting for the API after ${timeoutMs} ms: GET /readyz ${fault}`);
      return 'late';
    }
    if (loggedAtMs === undefined || nowMs - loggedAtMs >= logIntervalMs) {
      log(`waiting for the API: GET /readyz ${fault}`);
      loggedAtMs = nowMs;
    }
    await clock.sleep(pollIntervalMs, stop);
  }
  return 'stopped';
}

function findFault(reply: Reply): string | undefined {
  if ('unreachable' in reply || reply.status !== 200) return toReason(reply);
  return healthSchema.safeParse(reply.body).success ? undefined : 'answered 200, but not as this API does';
}
