import type { IncomingMessage } from 'node:http';
import { ApiError } from './errors.ts';

const safeMethods = new Set(['GET', 'HEAD', 'OPTIONS', 'TRACE']);

/** Always allowed: DNS rebinding cannot use these names. */
const loopbackHosts = ['localhost', '127.0.0.1', '[::1]'];

/** An entry of ALLOWED_HOSTS that allows every host name, for deployments whose proxy checks it. */
const anyHost = '*';

/**
 * Rejects requests with a missing, repeated or unknown Host header (DNS rebinding), unsafe methods from another web
 * site, and queries that are not UTF-8. Rewrites a target in absolute form to origin form.
 * @throws ApiError `malformed_request`, `misdirected_request`, `cross_site_request`
 */
export function createRequestGuard(allowedHosts: readonly string[]): (request: IncomingMessage) => void {
  const names = new Set([...loopbackHosts, ...allowedHosts.map((name) => name.toLowerCase())]);
  return (request) => {
    toOriginForm(request);
    requireHost(request, names);
    if (!safeMethods.has(request.method ?? '')) requireSameOrigin(request);
    requireReadableUrl(request.url ?? '');
  };
}

/** Rewrites `GET http://host/path`, the form sent to proxies, to `GET /path` with that Host (RFC 9112, 3.2.2). */
function toOriginForm(request: IncomingMessage): void {
  if (request.url?.startsWith('/')) return;
  const [prefix, host] = /^https?:\/\/([^/?#]*)/i.exec(request.url ?? '') ?? [];
  if (prefix === undefined) return;
  const path = (request.url ?? '').slice(prefix.length);
  request.url = path.startsWith('/') ? path : `/${path}`;
  request.headers.host = host;
}

function requireHost(request: IncomingMessage, allowedHosts: ReadonlySet<string>): void {
  const hosts = countHosts(request);
  if (hosts === 0 && request.httpVersion === '1.0') return; // HTTP/1.0 needs no Host, and browsers do not send it
  if (hosts !== 1) throw toMalformed(`Expected one Host header, not ${hosts}.`);
  const host = request.headers.host ?? '';
  if (allowedHosts.has(host) || allowedHosts.has(anyHost)) return; // without a port: nothing to take apart
  const name = toHostName(host);
  if (allowedHosts.has(name)) return;
  const detail = `The host name ${JSON.stringify(name.slice(0, 100))} is not allowed. To allow it, add it to ALLOWED_HOSTS.`;
  throw new ApiError('misdirected_request', { detail });
}

/** Counts in the raw headers: node:http keeps only the first Host header, but a proxy may have used another one. */
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

/** The host name of a Host header, in lower case, without the port. */
function toHostName(host: string): string {
  return host.toLowerCase().replace(/:\d*$/, '').replace(/\.$/, '');
}

/** Prevents cross-site request forgery. */
function requireSameOrigin({ headers }: IncomingMessage): void {
  const { origin, host = '', 'sec-fetch-site': site } = headers;
  const isOther = site === 'cross-site' || (origin !== undefined && !isSameHost(origin, host));
  if (!isOther) return;
  const from = JSON.stringify((origin ?? 'another site').slice(0, 100));
  const detail = `The request comes from ${from}, but was sent to ${JSON.stringify(host.slice(0, 100))}. Send it from the same origin; a proxy must forward the Host header unchanged.`;
  throw new ApiError('cross_site_request', { detail });
}

/** Compares hosts including ports; without a port, both mean the default port of the origin's scheme. */
function isSameHost(origin: string, host: string): boolean {
  try {
    const { protocol, host: originHost } = new URL(origin);
    return /^https?:$/.test(protocol) && new URL(`${protocol}//${host}`).host === originHost;
  } catch {
    return false; // for example `null`, which sandboxed pages send
  }
}

/** Rejects invalid UTF-8, which node:querystring would replace by U+FFFD, so that different names would become the same. */
function requireReadableUrl(url: string): void {
  if (!/^[\x21-\x7e]*$/.test(url))
    throw toMalformed('The request target has characters that must be percent-encoded.');
  const start = url.indexOf('?');
  if (start < 0 || !url.includes('%', start)) return;
  try {
    decodeURIComponent(url.slice(start + 1));
  } catch {
    throw toMalformed('The query is not valid percent-encoded UTF-8.');
  }
}
