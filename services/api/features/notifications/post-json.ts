import type { LookupAddress } from 'node:dns';
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import type { Readable } from 'node:stream';
import { escapeUnsafe } from '@sensor-sentinel/contracts';
import axios from 'axios';
import ipaddr from 'ipaddr.js';
import { shorten } from './notification.ts';

/** The longest time of one attempt. */
export const attemptMs = 10_000;

/** What became of an attempt. Errors are for people, and contain no secrets. */
export type Outcome =
  | { kind: 'delivered' }
  | { kind: 'retry'; error: string /** The shortest pause, from `Retry-After`. */; retryAfterMs: number }
  | { kind: 'failed'; error: string };

interface PostOptions {
  /** Connects to public addresses only. */
  isPublicOnly: boolean;
  timeoutMs: number;
}

/** Sends one request. Redirects are not followed. @throws TypeError if the URL is invalid */
export async function postJson(
  { url, body, headers }: { url: string; body: string; headers: Record<string, string> },
  { isPublicOnly, timeoutMs }: PostOptions,
): Promise<Outcome> {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '');
  // Node looks up names only.
  if (isPublicOnly && isIP(host) !== 0 && !isPublic(host)) return toRefusal(host);
  try {
    const {
      status,
      headers: answered,
      data,
    } = await axios.post<Readable>(url, Buffer.from(body), {
      headers: { 'content-type': 'application/json', 'user-agent': 'sensor-sentinel', ...headers },
      ...(isPublicOnly ? { lookup: lookupPublic } : {}),
      signal: AbortSignal.timeout(timeoutMs),
      maxRedirects: 0,
      proxy: false,
      responseType: 'stream',
      validateStatus: () => true,
    });
    const words = status < 300 ? '' : await readStart(data);
    data.destroy();
    return toOutcome(status, words, String(answered['retry-after'] ?? ''));
  } catch (error) {
    if (error instanceof Error && error.cause instanceof PrivateAddressError)
      return toRefusal(error.cause.message);
    const words = error instanceof Error ? error.message || error.name : String(error);
    const reason = axios.isCancel(error) ? `no answer within ${timeoutMs} ms` : words;
    return { kind: 'retry', error: reason, retryAfterMs: 0 };
  }
}

/** A receiver that refuses a request will not accept it later, unless it says so. */
function toOutcome(status: number, words: string, retryAfter: string): Outcome {
  if (status < 300) return { kind: 'delivered' };
  const error = `answered ${status}${words === '' ? '' : `: ${words}`}`;
  const isFinal = status < 500 && status !== 408 && status !== 429;
  return isFinal ? { kind: 'failed', error } : { kind: 'retry', error, retryAfterMs: toDelayMs(retryAfter) };
}

/** A number of seconds or a date. */
function toDelayMs(retryAfter: string): number {
  if (/^\d{1,9}$/.test(retryAfter)) return Number(retryAfter) * 1000;
  const dateMs = Date.parse(retryAfter);
  return Number.isNaN(dateMs) ? 0 : Math.max(0, dateMs - Date.now());
}

/** The beginning of a text, on one line. */
async function readStart(stream: Readable): Promise<string> {
  let bytes = Buffer.alloc(0);
  for await (const chunk of stream) {
    bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length >= 1000) break;
  }
  return escapeUnsafe(shorten(bytes.toString().replaceAll(/\s+/g, ' ').trim(), 200));
}

class PrivateAddressError extends Error {}

function toRefusal(address: string): Outcome {
  const error = `${address} is not a public address: set ALLOW_PRIVATE_RECEIVERS=true to allow it`;
  return { kind: 'failed', error };
}

/** All addresses are checked here, and the connection is made to one of these. */
async function lookupPublic(host: string): Promise<[LookupAddress[]]> {
  const addresses = await lookup(host, { all: true });
  const wrong = addresses.find(({ address }) => !isPublic(address));
  if (wrong !== undefined) throw new PrivateAddressError(`${host} (${wrong.address})`);
  return [addresses];
}

/** Neither private, loopback, link-local, multicast nor reserved, also as IPv4 within IPv6. */
function isPublic(address: string): boolean {
  return ipaddr.process(address).range() === 'unicast';
}
