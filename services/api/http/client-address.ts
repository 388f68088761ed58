import type { IncomingMessage } from 'node:http';

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
