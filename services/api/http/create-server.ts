import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type AnswerProblem, formatProblem } from './answer-problem.ts';
import { ApiError, type ProblemCode } from './errors.ts';

export interface ServerLimits {
  maxConnections: number;
  /** How long a request may take to arrive; one whose body is a stream only has to go on. */
  requestTimeoutMs: number;
  /** How long a connection may stand still while something is to be sent or received. */
  idleTimeoutMs: number;
}

/** Longer than proxies keep a connection for later, so that none sends into one that closes. */
const keepAliveTimeoutMs = 65_000;
const maxHeadersTimeoutMs = 10_000;
const checkIntervalMs = 500;
/** How long a client may go on sending after its request was refused unread, so that it can read the answer. */
const lingerMs = 1000;

interface Exchange {
  request: IncomingMessage;
  response: ServerResponse;
  sinceMs: number;
}

/** The newest request of each connection. */
type Exchanges = Map<Duplex, Exchange>;

const parserErrors: ReadonlyMap<unknown, ProblemCode> = new Map([
  ['HPE_HEADER_OVERFLOW', 'headers_too_large'],
  ['HPE_CHUNK_EXTENSIONS_OVERFLOW', 'body_too_large'],
  ['ERR_HTTP_REQUEST_TIMEOUT', 'request_timeout'],
]);

/** A server on which slow, silent and never-reading clients hold nothing for long. */
export function createServer(
  listener: RequestListener,
  { maxConnections, requestTimeoutMs, idleTimeoutMs }: ServerLimits,
  answerProblem: AnswerProblem,
): Server {
  const server = createHttpServer(
    {
      headersTimeout: Math.min(maxHeadersTimeoutMs, requestTimeoutMs),
      requestTimeout: 0,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: checkIntervalMs,
      requireHostHeader: false, // the guard of requests answers it
    },
    listener,
  );
  server.maxConnections = maxConnections;
  server.setTimeout(idleTimeoutMs);
  const refusal = { exchanges: watchExchanges(server), requestTimeoutMs, answerProblem };
  refuseLateRequests(server, refusal);
  answerUnreadable(server, refusal);
  return server;
}

function watchExchanges(server: Server): Exchanges {
  const exchanges: Exchanges = new Map();
  server.on('connection', (socket: Socket) => socket.once('close', () => exchanges.delete(socket)));
  server.prependListener('request', (request, response) => {
    exchanges.set(request.socket, { request, response, sinceMs: performance.now() });
  });
  return exchanges;
}

interface RefusalOptions extends Pick<ServerLimits, 'requestTimeoutMs'> {
  exchanges: Exchanges;
  answerProblem: AnswerProblem;
}

/** Ends connections whose request does not arrive in time; node:http's own limit would end streams too. */
function refuseLateRequests(
  server: Server,
  { exchanges, requestTimeoutMs, answerProblem }: RefusalOptions,
): void {
  const watching = setInterval(() => {
    for (const [socket, { request, response, sinceMs }] of exchanges) {
      const isLate = performance.now() - sinceMs > requestTimeoutMs;
      if (!isLate || request.complete || isStream(request)) continue;
      if (!response.headersSent)
        answerProblem(toTimeout(), request, response.setHeader('Connection', 'close'));
      setTimeout(() => socket.destroy(), lingerMs).unref();
      exchanges.delete(socket);
    }
  }, checkIntervalMs).unref();
  server.once('close', () => clearInterval(watching));
}

function isStream({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith('application/x-ndjson') ?? false;
}

function toTimeout(): ApiError {
  return new ApiError('request_timeout', { detail: 'The request was not complete in time. Send it again.' });
}

/** Answers what node:http would answer without a body, or not at all. */
function answerUnreadable(server: Server, { exchanges, answerProblem }: RefusalOptions): void {
  server.on('clientError', (error, socket) => {
    const isAnswered = exchanges.get(socket)?.response.headersSent ?? false;
    const isOver = exchanges.get(socket)?.response.writableFinished ?? true;
    if (socket.writableEnded) return; // refused already
    if (!socket.writable || (isAnswered && !isOver)) socket.destroy();
    else refuse(socket, toParserError(error));
  });
  server.on('checkExpectation', (request, response) => {
    const detail = `expected "Expect: 100-continue" or none, not ${request.headers.expect}`;
    answerProblem(new ApiError('expectation_failed', { detail }), request, response);
  });
  server.on('connect', (_request, socket) => {
    refuse(
      socket,
      new ApiError('method_not_allowed', { detail: 'CONNECT is not allowed: this is no proxy' }),
    );
  });
}

function refuse(socket: Duplex, error: ApiError): void {
  socket.on('error', () => undefined);
  socket.end(formatProblem(error));
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

function toParserError(error: Error & { code?: unknown }): ApiError {
  const code = parserErrors.get(error.code) ?? 'malformed_request';
  if (code === 'request_timeout') return toTimeout();
  return new ApiError(code, { detail: `the request is not valid HTTP: ${error.message}`, cause: error });
}
