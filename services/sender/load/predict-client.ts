import { type Dispatcher, Pool } from 'undici';
import type { Clock } from '../clock.ts';
import { type Answer, parseRetryAfter, type Unreachable } from './retry.ts';

export const maxAnswerBytes = 16 * 1024 * 1024;

/** On the elapsed clock: the request was handed to its connection; the last byte of the answer was read. */
export interface Times {
  sentAtMs: number;
  answeredAtMs: number;
}
export type TimedReply = (Answer & { times: Times }) | Unreachable;

export interface PredictClientOptions {
  apiUrl: string;
  /** How long one attempt may take; for NDJSON, how long it may pause. */
  timeoutMs: number;
  connections: number;
  clock: Clock;
  /** Closes all connections; requests in flight and later ones are unreachable. */
  abort: AbortSignal;
}

export type PredictClient = ReturnType<typeof createPredictClient>;

/** Sends readings to `POST /predict` through a connection pool of undici. */
export function createPredictClient({ apiUrl, timeoutMs, connections, clock, abort }: PredictClientOptions) {
  const url = new URL(apiUrl);
  const pool = new Pool(url.origin, { connections, headersTimeout: 0, bodyTimeout: 0 });
  const request = { path: `${url.pathname.replace(/\/$/, '')}/predict`, method: 'POST' } as const;
  const accept = 'application/json, application/x-ndjson, application/problem+json';
  const headers = { accept, ...toAuthorization(url), 'content-type': 'application/json' };
  const ndjsonHeaders = { ...headers, 'content-type': 'application/x-ndjson' };
  const close = () => void pool.destroy().catch(() => undefined);
  const destroy = () => void pool.destroy(new Error('aborted')).catch(() => undefined);
  abort.addEventListener('abort', destroy, { once: true });

  return {
    /** Sends JSON text. Whatever happens is a reply; nothing is thrown. */
    post(body: string): Promise<TimedReply> {
      return new Promise((resolve) => {
        const handler = createHandler({ timeoutMs, clock, resolve });
        pool.dispatch({ ...request, headers, body }, handler);
      });
    },
    /** Sends NDJSON. The response may begin before all lines are sent. @throws Error if there is no answer */
    async postLines(lines: string) {
      const timeouts = { headersTimeout: timeoutMs, bodyTimeout: timeoutMs };
      const response = await pool.request({ ...request, headers: ndjsonHeaders, body: lines, ...timeouts });
      return { head: toHead(response.statusCode, response.headers, clock), body: response.body };
    },
    toUnreachable: (error: Error) => toUnreachable(error, timeoutMs),
    close() {
      abort.removeEventListener('abort', destroy);
      close();
    },
  };
}

interface HandlerOptions {
  timeoutMs: number;
  clock: Clock;
  resolve: (reply: TimedReply) => void;
}

/** Not `pool.request`: its promise resolves after other work of the event loop, which would count as latency. */
function createHandler({ timeoutMs, clock, resolve }: HandlerOptions): Dispatcher.DispatchHandler {
  let controller: Dispatcher.DispatchController | undefined;
  let head: Answer | undefined;
  let sentAtMs = 0;
  let bytes = 0;
  let isExpired = false;
  const chunks: Buffer[] = [];
  const timer = setTimeout(() => {
    isExpired = true;
    if (controller) controller.abort(new Error('timeout'));
    else resolve(toTimeout(timeoutMs));
  }, timeoutMs);
  return {
    onRequestStart(started) {
      controller = started;
      sentAtMs = clock.elapsed();
      if (isExpired) started.abort(new Error('timeout'));
    },
    onResponseStart(_controller, status, headers) {
      head = toHead(status, headers, clock);
    },
    onResponseData(current, chunk) {
      bytes += chunk.length;
      if (bytes <= maxAnswerBytes) chunks.push(chunk);
      else current.abort(new Error(`the answer is longer than ${maxAnswerBytes} bytes`));
    },
    onResponseEnd() {
      clearTimeout(timer);
      const times = { sentAtMs, answeredAtMs: clock.elapsed() };
      // Parsed once every readable socket has been read, so that parsing does not delay the times of other answers.
      setImmediate(() => {
        const body = parseBody(Buffer.concat(chunks).toString());
        resolve(head ? { ...head, body, times } : { unreachable: 'the answer has no status' });
      });
    },
    onResponseError(_controller, error) {
      clearTimeout(timer);
      resolve(isExpired ? toTimeout(timeoutMs) : toUnreachable(error, timeoutMs));
    },
  };
}

function toHead(
  status: number,
  headers: Record<string, string | string[] | undefined>,
  clock: Clock,
): Answer {
  const retryAfter = headers['retry-after'];
  return {
    status,
    body: undefined,
    isDuplicate: headers['idempotency-replayed'] === 'true',
    retryAfterMs: parseRetryAfter(retryAfter?.toString(), clock.now()),
  };
}

export function parseBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const timeoutCodes: ReadonlySet<unknown> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

function toUnreachable(error: Error, timeoutMs: number): Unreachable {
  const code: unknown = Reflect.get(error, 'code');
  if (timeoutCodes.has(code)) return toTimeout(timeoutMs);
  if (error.message === 'other side closed')
    return { unreachable: 'the connection was closed before the answer' };
  return { unreachable: error.message || String(code) };
}

function toTimeout(timeoutMs: number): Unreachable {
  return { unreachable: `no answer within ${timeoutMs} ms` };
}

function toAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}
