import { once } from 'node:events';
import type { Response } from 'express';

/** Resolves when the client has taken what was written, or is gone. One that takes too long is cut off. */
export async function drained(response: Response, limitMs?: number): Promise<void> {
  if (response.destroyed || !response.writableNeedDrain) return;
  const waiting = new AbortController();
  const { signal } = waiting;
  const limit = limitMs === undefined ? undefined : setTimeout(() => response.destroy(), limitMs);
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).finally(() =>
    waiting.abort(),
  );
  clearTimeout(limit);
}
