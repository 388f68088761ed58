import { once } from 'node:events';
import type { Writable } from 'node:stream';

/** Resolves when the write buffer is empty or the connection is closed. */
export async function drained(response: Writable): Promise<void> {
  if (response.destroyed || !response.writableNeedDrain) return;
  const waiting = new AbortController();
  const { signal } = waiting;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).finally(() =>
    waiting.abort(),
  );
}
