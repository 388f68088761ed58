import {
  type ClientRequest,
  Agent as HttpAgent,
  request as httpRequest,
  type IncomingMessage,
  type RequestOptions,
} from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { pipeline, Readable } from 'node:stream';
import { urlToHttpOptions } from 'node:url';
import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';

type Lean = {
  apiUrl: string;
  /** Connections at most. */
  concurrency: number;
  maxAnswerBytes: number;
};
type Exchange = {
  config: InternalAxiosRequestConfig;
  request: ClientRequest;
  resolve: (response: AxiosResponse) => void;
  reject: (error: AxiosError) => void;
  isAnswered: boolean;
};

/** The headers that anybody here reads; axios would copy all of them, twice. */
const headersRead = ['retry-after', 'idempotency-replayed'] as const;

/**
 * What axios sends requests with: node:http with keep-alive, one host, no redirects, no proxies, no decompression.
 * `data` is text or a stream; the answer is text, or a stream where `responseType` says so. An answer that is not
 * complete `timeout` after the beginning is none; of a stream, where nothing moves for so long.
 */
export function createLeanAdapter({ apiUrl, concurrency, maxAnswerBytes }: Lean) {
  const url = new URL(apiUrl);
  const isHttps = url.protocol === 'https:';
  const agentOptions = { keepAlive: true, maxSockets: concurrency, noDelay: true };
  const agent = isHttps ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
  const open = isHttps ? httpsRequest : httpRequest;
  const { hostname, port, auth } = urlToHttpOptions(url);
  const host: RequestOptions = { agent, hostname: hostname ?? null, port: port ?? null, auth: auth ?? null };
  const basePath = url.pathname.replace(/\/$/, '');
  const aborting = createAbortRegister();

  function adapter(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
    const path = basePath + (config.url ?? '');
    const request = open({ ...host, path, method: config.method ?? 'GET', headers: toHeaders(config) });
    return new Promise((resolve, reject) => {
      const exchange: Exchange = { config, request, resolve, reject, isAnswered: false };
      const forget = aborting.add(config.signal, request);
      const stopClock = startTimeout(exchange);
      request.once('close', () => {
        forget();
        stopClock();
        // Of an exchange that is over, this changes nothing, and an error is slow to make.
        if (!exchange.isAnswered) reject(toFault('the connection was closed before the answer', exchange));
      });
      request.on('error', (error) => reject(toFault(error, exchange)));
      request.once('response', (answer) => {
        if (config.responseType === 'stream') answerWith(answer, { answer, exchange });
        else collect(answer, exchange, maxAnswerBytes);
      });
      const data: unknown = config.data;
      if (data instanceof Readable) pipeline(data, request, () => undefined);
      else request.end(data);
    });
  }

  return { adapter, close: () => agent.destroy() };
}

function toHeaders({ data, headers }: InternalAxiosRequestConfig): Record<string, string | number> {
  const type = String(headers.get('Content-Type'));
  const accept = 'application/json, application/x-ndjson, application/problem+json';
  if (typeof data !== 'string')
    return data === undefined ? { Accept: accept } : { Accept: accept, 'Content-Type': type };
  return { Accept: accept, 'Content-Type': type, 'Content-Length': Buffer.byteLength(data) };
}

function startTimeout({ config, request }: Exchange): () => void {
  const timeoutMs = config.timeout ?? 0;
  const expire = () => request.destroy(new Error(`timeout of ${timeoutMs}ms exceeded`));
  if (config.responseType === 'stream') request.setTimeout(timeoutMs, expire);
  if (config.responseType === 'stream' || timeoutMs === 0) return () => undefined;
  const timer = setTimeout(expire, timeoutMs);
  return () => clearTimeout(timer);
}

function collect(answer: IncomingMessage, exchange: Exchange, maxBytes: number): void {
  const chunks: Buffer[] = [];
  let bytes = 0;
  answer.on('data', (chunk: Buffer) => {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > maxBytes) exchange.request.destroy(new Error(`the answer is longer than ${maxBytes} bytes`));
  });
  answer.once('error', (error) => exchange.reject(toFault(error, exchange)));
  answer.once('end', () => {
    const [only] = chunks;
    const text = chunks.length === 1 && only ? only.toString() : Buffer.concat(chunks).toString();
    answerWith(text, { answer, exchange });
  });
}

type Answered = { answer: IncomingMessage; exchange: Exchange };

function answerWith(data: unknown, { answer, exchange }: Answered): void {
  const { statusCode = 0, statusMessage = '', headers } = answer;
  const read: Record<string, string> = {};
  for (const name of headersRead) {
    const value = headers[name];
    if (typeof value === 'string') read[name] = value;
  }
  exchange.isAnswered = true;
  const { config, resolve } = exchange;
  resolve({ data, status: statusCode, statusText: statusMessage, headers: read, config });
}

function toFault(cause: Error | string, { config, request }: Exchange): AxiosError {
  const { message, code } =
    typeof cause === 'string' ? { message: cause, code: undefined } : (cause as NodeJS.ErrnoException); // as node:http has it
  return new AxiosError(message || code, code, config, request);
}

/** One listener per signal, however many requests: a list of thousands is slow to take one out of. */
function createAbortRegister() {
  const bySignal = new WeakMap<object, Set<ClientRequest>>();

  function requestsOf(signal: AbortSignal): Set<ClientRequest> {
    const known = bySignal.get(signal);
    if (known) return known;
    const requests = new Set<ClientRequest>();
    bySignal.set(signal, requests);
    signal.addEventListener(
      'abort',
      () => {
        for (const request of requests) request.destroy(new Error('aborted'));
      },
      { once: true },
    );
    return requests;
  }

  return {
    /** Returns what takes the request out again. */
    add(signal: InternalAxiosRequestConfig['signal'], request: ClientRequest): () => void {
      if (!(signal instanceof AbortSignal)) return () => undefined;
      const requests = requestsOf(signal);
      requests.add(request);
      return () => requests.delete(request);
    },
  };
}
