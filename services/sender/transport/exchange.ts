import { Readable } from 'node:stream';
import { AxiosError, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios';
import type { Dispatcher } from 'undici';
import type { Clock } from '../clock.ts';

/** When the request was written, and when the end of its answer (the head, of a stream) was read; `clock.elapsed()`. */
export interface Times {
  sentAtMs: number;
  answeredAtMs: number;
}

interface Surroundings {
  resolve: (response: AxiosResponse) => void;
  reject: (error: AxiosError) => void;
  clock: Clock;
  /** Where the work about a whole answer is put off to. */
  later: (work: () => void) => void;
  maxAnswerBytes: number;
}

/** What becomes of the body of an answer; `answer` is told what it is. */
interface Body {
  start: (controller: Dispatcher.DispatchController) => void;
  take: (controller: Dispatcher.DispatchController, chunk: Buffer) => void;
  end: () => void;
  fail: (error: Error) => void;
}

/** The headers that anybody here reads. */
const headersRead = ['retry-after', 'idempotency-replayed'] as const;
const timeoutCodes: ReadonlySet<unknown> = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_BODY_TIMEOUT']);

/** One request and its answer: what undici is to tell of it, and how to cut it off. */
export function createExchange(config: InternalAxiosRequestConfig, around: Surroundings) {
  const { resolve, reject, clock } = around;
  const { timeout: timeoutMs = 0 } = config;
  const isStream = config.responseType === 'stream';
  const times: Times = { sentAtMs: 0, answeredAtMs: 0 };
  let controller: Dispatcher.DispatchController | undefined;
  let head: Pick<AxiosResponse, 'status' | 'headers'> = { status: 0, headers: {} };
  let cancelled: Error | undefined;
  let onOver = () => {};
  const seen = () => {
    times.answeredAtMs = clock.elapsed();
  };
  const answer = (data: unknown) => resolve({ ...head, data, statusText: '', config, request: times });
  const body = isStream ? createStreamBody({ seen, answer }) : createTextBody({ ...around, seen, answer });
  const expire = () => cancel(toTimeout(timeoutMs));
  const timer = isStream || timeoutMs === 0 ? undefined : setTimeout(expire, timeoutMs);

  function end(): void {
    clearTimeout(timer);
    onOver();
  }

  function fail(error: Error): void {
    end();
    const shown = timeoutCodes.has(Reflect.get(error, 'code')) ? toTimeout(timeoutMs) : error;
    body.fail(shown);
    reject(toFault(shown, config));
  }

  /** What waits for its connection cannot be taken back: it is refused once it would be sent. */
  function cancel(error: Error): void {
    cancelled ??= error;
    if (controller) controller.abort(error);
    else fail(error);
  }

  const handler: Dispatcher.DispatchHandler = {
    onRequestStart(started) {
      controller = started;
      times.sentAtMs = clock.elapsed();
      if (cancelled) started.abort(cancelled);
    },
    onResponseStart(started, status, headers) {
      head = { status, headers: pickHeaders(headers) };
      if (status >= 200) body.start(started);
    },
    onResponseData: body.take,
    onResponseEnd() {
      end();
      body.end();
    },
    onResponseError: (_controller, error) => fail(error),
  };
  const timeouts = isStream ? { headersTimeout: timeoutMs, bodyTimeout: timeoutMs } : {};
  return {
    handler,
    timeouts,
    cancel,
    whenOver: (work: () => void) => {
      onOver = work;
    },
  };
}

interface Answering {
  /** The moment that counts for the answer. */
  seen: () => void;
  answer: (data: unknown) => void;
}

function createTextBody(around: Answering & Pick<Surroundings, 'later' | 'maxAnswerBytes'>): Body {
  const { seen, answer, later, maxAnswerBytes } = around;
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    start: () => undefined,
    take(controller, chunk) {
      bytes += chunk.length;
      if (bytes <= maxAnswerBytes) chunks.push(chunk);
      else controller.abort(new Error(`the answer is longer than ${maxAnswerBytes} bytes`));
    },
    end() {
      seen();
      const [only] = chunks;
      later(() => answer((chunks.length === 1 && only ? only : Buffer.concat(chunks)).toString()));
    },
    fail: () => undefined,
  };
}

/** What nobody reads is not taken from the socket. */
function createStreamBody({ seen, answer }: Answering): Body {
  let stream: Readable | undefined;
  return {
    start(controller) {
      seen();
      stream = new Readable({
        read: () => controller.resume(),
        destroy(error, done) {
          controller.abort(error ?? new Error('the answer is not read to its end'));
          done(error);
        },
      });
      answer(stream);
    },
    take(controller, chunk) {
      if (!stream?.push(chunk)) controller.pause();
    },
    end: () => void stream?.push(null),
    fail: (error) => void stream?.destroy(error),
  };
}

function pickHeaders(headers: Record<string, string | string[] | undefined>): Record<string, string> {
  const read: Record<string, string> = {};
  for (const name of headersRead) {
    const value = headers[name];
    if (typeof value === 'string') read[name] = value;
  }
  return read;
}

function toTimeout(timeoutMs: number): Error {
  return new Error(`timeout of ${timeoutMs}ms exceeded`);
}

function toFault(cause: Error, config: InternalAxiosRequestConfig): AxiosError {
  const { message, code } = cause as NodeJS.ErrnoException; // as undici and node:net have it
  const isHungUp = message === 'other side closed';
  return new AxiosError(
    isHungUp ? 'the connection was closed before the answer' : message || code,
    code,
    config,
  );
}
