import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type AnswerProblem, formatProblem } from './answer-problem.ts';
import { ApiError, type ProblemCode } from './errors.ts';

/** Limits on connections; times in milliseconds. */
interface ServerLimits {
  maxConnections: number;
  /** How long a request may take to arrive completely. NDJSON streams are exempt. */
  requestTimeoutMs: number;
  /** How long a connection may be idle in the middle of a request or response. */
  idleTimeoutMs: number;
}

/** Longer than the keep-alive timeout of proxies, so that a proxy never reuses a connection that is being closed. */
const keepAliveTimeoutMs = 65_000;
const maxHeadersTimeoutMs = 10_000;
const checkIntervalMs = 500;
/** How long a client may keep sending after its request is rejected, so that it can read the response. */
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

/** Creates a server whose connections time out when a client is slow, silent or does not read its responses. */
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
      requireHostHeader: false, // the request guard checks the Host header
    },
    listener,
  );
  server.maxConnections = maxConnections;
  server.setTimeout(idleTimeoutMs);
  const rejection = { exchanges: watchExchanges(server), requestTimeoutMs, answerProblem };
  rejectLateRequests(server, rejection);
  answerUnreadable(server, rejection);
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

interface RejectionOptions extends Pick<ServerLimits, 'requestTimeoutMs'> {
  exchanges: Exchanges;
  answerProblem: AnswerProblem;
}

/** Ends connections whose request does not arrive in time. The timeout of node:http would also end NDJSON streams. */
function rejectLateRequests(
  server: Server,
  { exchanges, requestTimeoutMs, answerProblem }: RejectionOptions,
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
  return new ApiError('request_timeout', {
    detail: 'The request did not arrive completely in time. Send it again.',
  });
}

/** Answers requests that node:http would otherwise reject without a body, or drop. */
function answerUnreadable(server: Server, { exchanges, answerProblem }: RejectionOptions): void {
  server.on('clientError', (error, socket) => {
    const isAnswered = exchanges.get(socket)?.response.headersSent ?? false;
    const isOver = exchanges.get(socket)?.response.writableFinished ?? true;
    if (socket.writableEnded) return; // already rejected
    if (!socket.writable || (isAnswered && !isOver)) socket.destroy();
    else rejectConnection(socket, toParserError(error));
  });
  server.on('checkExpectation', (request, response) => {
    const detail = `Expected the header "Expect: 100-continue" or none, not "Expect: ${request.headers.expect}".`;
    answerProblem(new ApiError('expectation_failed', { detail }), request, response);
  });
  server.on('connect', (_request, socket) => {
    rejectConnection(
      socket,
      new ApiError('method_not_allowed', { detail: 'CONNECT is not allowed: this server is not a proxy.' }),
    );
  });
}

function rejectConnection(socket: Duplex, error: ApiError): void {
  socket.on('error', () => undefined);
  socket.end(formatProblem(error));
  setTimeout(() => socket.destroy(), lingerMs).unref();
}

function toParserError(error: Error & { code?: unknown }): ApiError {
  const code = parserErrors.get(error.code) ?? 'malformed_request';
  if (code === 'request_timeout') return toTimeout();
  return new ApiError(code, { detail: `The request is not valid HTTP: ${error.message}`, cause: error });
}

/**
 * Accepts no more connections; resolves when the last response is sent. Idle connections stay open for `idleGraceMs`: a
 * proxy may just have sent a request on one of them, and could not know whether to send it again.
 */
export function closeServer(server: Server, idleGraceMs: number): Promise<void> {
  return new Promise((resolve) => {
    if (!server.listening) return resolve();
    const closeIdle = () => setInterval(() => server.closeIdleConnections(), 100).unref();
    setTimeout(closeIdle, idleGraceMs).unref();
    // `close` of an HTTP server also ends idle connections; `close` of a TCP server does not.
    NetServer.prototype.close.call(server, () => resolve());
  });
}
