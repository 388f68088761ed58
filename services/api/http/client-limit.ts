import type { IncomingMessage } from 'node:http';
import { ApiError } from './errors.ts';

/** Runs work on behalf of a client. @throws ApiError `overloaded`, and any error of the work */
export type ClientLimit = <T>(request: IncomingMessage, work: () => Promise<T>) => Promise<T>;

interface ClientLimitOptions {
  /** Plural name of the limited work, for the error detail: `exports`. */
  what: string;
  maxPerClient: number;
  /** Number of trusted proxies in front of this process. */
  trustProxy: number;
}

/** Limits how much work each client address may have in progress at once. */
export function createClientLimit({ what, maxPerClient, trustProxy }: ClientLimitOptions): ClientLimit {
  const inProgress = createClientCounts();
  return async (request, work) => {
    const client = toClientAddress(request, trustProxy);
    const count = inProgress.count(client);
    if (count >= maxPerClient) {
      const detail = `This client already has ${count} ${what} in progress. Wait until one of them ends.`;
      throw new ApiError('overloaded', { detail, retryAfterSeconds: 10 });
    }
    inProgress.add(client, 1);
    try {
      return await work();
    } finally {
      inProgress.add(client, -1);
    }
  };
}

/** Counts by client address. Addresses with a count of 0 take no memory. */
export function createClientCounts() {
  const counts = new Map<string, number>();
  const count = (client: string) => counts.get(client) ?? 0;
  return {
    count,
    add(client: string, change: 1 | -1): void {
      const next = count(client) + change;
      if (next > 0) counts.set(client, next);
      else counts.delete(client);
    },
  };
}

/**
 * The client's address. Each proxy appends the address of its peer to `X-Forwarded-For`, so with n trusted proxies the
 * n-th entry from the right is the client; entries further to the left may be forged.
 */
export function toClientAddress({ headers, socket }: IncomingMessage, proxies: number): string {
  const peer = socket.remoteAddress ?? '';
  if (proxies === 0) return peer;
  const forwarded = [headers['x-forwarded-for'] ?? []].flat().join().split(',');
  return forwarded.at(-proxies)?.trim() || peer;
}
