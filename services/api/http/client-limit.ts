import type { IncomingMessage } from 'node:http';
import { ApiError } from './errors.ts';

/** Runs the work of a client's request. @throws ApiError `overloaded`, or what the work throws */
export type ClientLimit = <T>(request: IncomingMessage, work: () => Promise<T>) => Promise<T>;

interface ClientLimitOptions {
  /** What is limited, in the plural, for the message: `exports`. */
  what: string;
  maxPerClient: number;
  /** How many proxies there are before this process. */
  trustProxy: number;
}

/** Lets each address have a bounded number of pieces of work under way at once. */
export function createClientLimit({ what, maxPerClient, trustProxy }: ClientLimitOptions): ClientLimit {
  const counts = new Map<string, number>();
  return async (request, work) => {
    const client = toClientAddress(request, trustProxy);
    const count = counts.get(client) ?? 0;
    if (count >= maxPerClient) {
      const detail = `${count} ${what} of this client are under way already. Wait until one has ended.`;
      throw new ApiError('overloaded', { detail, retryAfterSeconds: 10 });
    }
    counts.set(client, count + 1);
    try {
      return await work();
    } finally {
      const left = (counts.get(client) ?? 1) - 1;
      if (left > 0) counts.set(client, left);
      else counts.delete(client);
    }
  };
}

/**
 * The address of whoever asks; behind so many proxies, the one that the first of them has seen: each appends to
 * `X-Forwarded-For` whom it heard, so that what a client itself wrote there stands further to the left.
 */
export function toClientAddress({ headers, socket }: IncomingMessage, proxies: number): string {
  const peer = socket.remoteAddress ?? '';
  if (proxies === 0) return peer;
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join().split(',');
  return forwarded.at(-proxies)?.trim() || peer;
}
