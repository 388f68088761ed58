import { once } from 'node:events';
import type { Response } from 'express';

/** Resolves when the client has taken what was written, or is gone. */
export async function drained(response: Response): Promise<void> {
  if (response.destroyed || !response.writableNeedDrain) return;
  const waiting = new AbortController();
  const { signal } = waiting;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).finally(() =>
    waiting.abort(),
  );
}
