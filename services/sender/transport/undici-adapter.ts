import type { Readable } from 'node:stream';
import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios';
import { type Dispatcher, Pool } from 'undici';
import type { Clock } from '../clock.ts';
import { createAbortRegister } from './abort-register.ts';
import { createExchange } from './exchange.ts';

interface AdapterOptions {
  apiUrl: string;
  /** Connections at most. */
  concurrency: number;
  maxAnswerBytes: number;
  clock: Clock;
}

const accepted = 'application/json, application/x-ndjson, application/problem+json';

/**
 * What axios sends requests with: undici's pool, one host, no redirects, no proxies, no decompression. `data` is text or
 * a stream; the answer is text, or a stream where `responseType` says so. An answer that is not complete `timeout`
 * after the beginning is none; of a stream, where nothing moves for so long. `request` of a response are its `Times`.
 */
export function createUndiciAdapter({ apiUrl, concurrency, maxAnswerBytes, clock }: AdapterOptions) {
  const url = new URL(apiUrl);
  const pool = new Pool(url.origin, { connections: concurrency, headersTimeout: 0, bodyTimeout: 0 });
  const basePath = url.pathname.replace(/\/$/, '');
  const authorization = toAuthorization(url);
  const aborting = createAbortRegister();
  const later = createBatch();

  function adapter(config: InternalAxiosRequestConfig): Promise<AxiosResponse> {
    return new Promise((resolve, reject) => {
      const exchange = createExchange(config, { resolve, reject, clock, later, maxAnswerBytes });
      const forget = aborting.add(config.signal, exchange.cancel);
      exchange.whenOver(forget);
      pool.dispatch(
        {
          path: basePath + (config.url ?? ''),
          method: (config.method ?? 'get').toUpperCase() as Dispatcher.HttpMethod, // one of ours
          headers: { accept: accepted, ...authorization, ...toContentType(config) },
          body: (config.data ?? null) as string | Readable | null, // as this adapter is told to be given
          ...exchange.timeouts,
        },
        exchange.handler,
      );
    });
  }

  return { adapter, close: () => void pool.destroy().catch(() => undefined) };
}

function toAuthorization({ username, password }: URL): Record<string, string> {
  if (username === '' && password === '') return {};
  const credentials = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` };
}

function toContentType({ data, headers }: InternalAxiosRequestConfig): Record<string, string> {
  return data === undefined ? {} : { 'content-type': String(headers.get('Content-Type')) };
}

/**
 * Runs what is handed in once every socket that can be read now has been read: what is done about one answer does not
 * delay the time at which the others are seen to arrive.
 */
function createBatch(): (work: () => void) => void {
  let batch: (() => void)[] = [];
  return (work) => {
    if (batch.length === 0)
      setImmediate(() => {
        const works = batch;
        batch = [];
        for (const run of works) run();
      });
    batch.push(work);
  };
}
