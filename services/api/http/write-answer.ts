import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Sends a JSON response with status 200; `headers` alternates names and values. */
export function sendJson(response: ServerResponse, body: unknown, headers: readonly string[] = []): void {
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  response.writeHead(200, [
    ...['Content-Type', 'application/json; charset=utf-8', 'Content-Length', length],
    ...headers,
  ]);
  response.end(text);
}

/** Resolves when the write buffer is empty or the connection is closed. */
export async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed || !response.writableNeedDrain) return;
  const waiting = new AbortController();
  const { signal } = waiting;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).finally(() =>
    waiting.abort(),
  );
}
