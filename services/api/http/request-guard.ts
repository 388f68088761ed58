import type { IncomingMessage } from 'node:http';
import { ApiError } from './errors.ts';

const readingMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Served whatever ALLOWED_HOSTS says: no name server can make another web site's name one of these. */
const loopbackHosts = ['localhost', '127.0.0.1', '[::1]'];

/** Every host name is served: for those who have their own check before the API. */
const anyHost = '*';

/**
 * Refuses what no route should see: a missing, doubled or unknown Host (DNS rebinding), changes that another web site
 * asks for, and a query that is not UTF-8. A target in absolute form is made one in origin form.
 * @throws ApiError `malformed_request`, `misdirected_request`, `cross_site_request`
 */
export function createRequestGuard(allowedHosts: readonly string[]): (request: IncomingMessage) => void {
  const names = new Set([...loopbackHosts, ...allowedHosts.map((name) => name.toLowerCase())]);
  return (request) => {
    toOriginForm(request);
    requireHost(request, names);
    if (!readingMethods.has(request.method ?? '')) requireSameOrigin(request);
    requireReadableUrl(request.url ?? '');
  };
}

/** `GET http://host/path`, as clients of a proxy send it, means the same as `GET /path` with this Host (RFC 9112, 3.2.2). */
function toOriginForm(request: IncomingMessage): void {
  const [prefix, host] = /^https?:\/\/([^/?#]*)/i.exec(request.url ?? '') ?? [];
  if (prefix === undefined) return;
  const path = (request.url ?? '').slice(prefix.length);
  request.url = path.startsWith('/') ? path : `/${path}`;
  request.headers.host = host;
}

function requireHost(request: IncomingMessage, allowedHosts: ReadonlySet<string>): void {
  const hosts = countHosts(request);
  if (hosts === 0 && request.httpVersion === '1.0') return; // no browser sends this
  if (hosts !== 1) throw toMalformed(`expected one Host header, not ${hosts}`);
  const name = toHostName(request.headers.host ?? '');
  if (allowedHosts.has(name) || allowedHosts.has(anyHost)) return;
  const detail = `The host name ${JSON.stringify(name.slice(0, 100))} is not allowed. Add it to ALLOWED_HOSTS to serve it.`;
  throw new ApiError('misdirected_request', { detail });
}

/** node:http keeps the first of several Host headers; a proxy may have acted on another. */
function countHosts({ rawHeaders }: IncomingMessage): number {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  return hosts;
}

function toMalformed(detail: string): ApiError {
  return new ApiError('malformed_request', { detail });
}

/** The name in a Host header, in lower case, without its port. */
function toHostName(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}

/** A page of another site could otherwise change something through the browser of whoever reads it. */
function requireSameOrigin({ headers }: IncomingMessage): void {
  const { origin, host = '', 'sec-fetch-site': site } = headers;
  const isOther = site === 'cross-site' || (origin !== undefined && !isSameHost(origin, host));
  if (!isOther) return;
  const from = JSON.stringify((origin ?? 'another site').slice(0, 100));
  const detail = `The request comes from ${from}, but was sent to ${JSON.stringify(host.slice(0, 100))}. A proxy must pass the Host header on unchanged.`;
  throw new ApiError('cross_site_request', { detail });
}

/** An origin without a port means the default port of its scheme, as a Host header without a port does. */
function isSameHost(origin: string, host: string): boolean {
  try {
    const { protocol, host: originHost } = new URL(origin);
    return new URL(`${protocol}//${host}`).host === originHost;
  } catch {
    return false; // `null`, for example, which sandboxed pages send
  }
}

/** What node:querystring cannot decode it replaces by U+FFFD, so that different names would become one. */
function requireReadableUrl(url: string): void {
  if (!/^[\x21-\x7e]*$/.test(url))
    throw toMalformed('the request target has characters that must be percent-encoded');
  const start = url.indexOf('?');
  if (start < 0 || !url.includes('%', start)) return;
  try {
    decodeURIComponent(url.slice(start + 1));
  } catch {
    throw toMalformed('the query is not valid percent-encoded UTF-8');
  }
}
