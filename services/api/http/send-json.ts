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
