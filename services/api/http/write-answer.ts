import { once } from 'node:events';
import type { ServerResponse } from 'node:http';

/** Answers 200 with the bare minimum that node:http needs; `headers` as name, value, name, value. */
export function sendJson(response: ServerResponse, body: unknown, headers: readonly string[] = []): void {
  const text = JSON.stringify(body);
  const length = String(Buffer.byteLength(text));
  response.writeHead(200, [
    ...['Content-Type', 'application/json; charset=utf-8', 'Content-Length', length],
    ...headers,
  ]);
  response.end(text);
}

/** Resolves when the client has taken what was written, or is gone. */
export async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed || !response.writableNeedDrain) return;
  const waiting = new AbortController();
  const { signal } = waiting;
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).finally(() =>
    waiting.abort(),
  );
}
