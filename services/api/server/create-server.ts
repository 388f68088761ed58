import {
  createServer as createHttpServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
} from 'node:http';
import type { Socket } from 'node:net';

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

function isStream({ headers }: IncomingMessage): boolean {
  return headers['content-type']?.startsWith('application/x-ndjson') ?? false;
}

/** Ends connections whose request does not arrive in time; node:http's own limit would end streams too. */
function watchArrivals(server: Server, requestTimeoutMs: number): void {
  const newest = new Map<Socket, { request: IncomingMessage; since: number }>();
  server.on('connection', (socket) => socket.once('close', () => newest.delete(socket)));
  server.prependListener('request', (request) => {
    newest.set(request.socket, { request, since: performance.now() });
  });
  const watching = setInterval(() => {
    for (const [socket, { request, since }] of newest) {
      const isLate = performance.now() - since > requestTimeoutMs;
      if (isLate && !request.complete && !isStream(request)) socket.destroy();
    }
  }, checkIntervalMs).unref();
  server.once('close', () => clearInterval(watching));
}

/** A server on which slow, silent and never-reading clients hold nothing for long. */
export function createServer(listener: RequestListener, limits: ServerLimits): Server {
  const { maxConnections, requestTimeoutMs, idleTimeoutMs } = limits;
  const server = createHttpServer(
    {
      headersTimeout: Math.min(maxHeadersTimeoutMs, requestTimeoutMs),
      requestTimeout: 0,
      keepAliveTimeout: keepAliveTimeoutMs,
      connectionsCheckingInterval: checkIntervalMs,
    },
    listener,
  );
  server.maxConnections = maxConnections;
  server.setTimeout(idleTimeoutMs);
  watchArrivals(server, requestTimeoutMs);
  return server;
}
