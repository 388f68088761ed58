import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AckRequest, LeaseRequest } from '@sensor-sentinel/contracts';
import { createScriptedReplays } from './scripted-replays.ts';

export type ScriptedAnswer = { status: number; body?: unknown; headers?: Record<string, string> };
export type ScriptedRequest = { method: string; url: string; body: unknown };

type Reading = { id: string; temperature: number; sensor_id: string; timestamp?: string };
export type Script = (request: ScriptedRequest) => ScriptedAnswer | 'hang up' | 'never' | undefined;

/** An API over real HTTP that answers as the contract says, except where the script answers. */
export async function startScriptedApi(script: Script = () => undefined, port = 0) {
  const requests: ScriptedRequest[] = [];
  const replays = createScriptedReplays();
  const server = createServer(async (request, response) => {
    const received = { method: request.method ?? '', url: request.url ?? '', body: await readJson(request) };
    requests.push(received);
    const answer = script(received) ?? toReplayAnswer(replays, received) ?? toContractAnswer(received);
    if (answer === 'hang up') request.socket.destroy();
    else if (answer !== 'never') respond(response, answer);
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  const address = server.address();
  const listeningPort = address !== null && typeof address === 'object' ? address.port : 0;
  return {
    port: listeningPort,
    url: `http://127.0.0.1:${listeningPort}`,
    requests,
    replays,
    bodiesAt: (path: string) => requests.filter(({ url }) => url === path).map(({ body }) => body),
    predictions: () => requests.filter(({ url }) => url === '/predict').map(({ body }) => body),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Readings above 30 °C are anomalies. */
export function toPrediction({ id, sensor_id, temperature, timestamp }: Reading) {
  const prediction = temperature > 30 ? 1 : 0;
  const stamp = timestamp ?? '2026-01-01T00:00:00.000Z';
  return { prediction, score: prediction, model: 'scripted', id, sensor_id, timestamp: stamp };
}

export function toStats(count: number) {
  return { from: null, to: null, count, anomalies: 0, anomaly_rate: null, features: null };
}

function toContractAnswer({ method, url, body }: ScriptedRequest): ScriptedAnswer {
  if (url === '/readyz') return { status: 200, body: { status: 'ok' } };
  if (url === '/stats') return { status: 200, body: toStats(1) };
  if (method !== 'POST' || url !== '/predict') return { status: 404 };
  if (typeof body !== 'object' || body === null) return { status: 400 };
  if (!Array.isArray(body)) return { status: 200, body: toPrediction(body as Reading) };
  const results = body.map((reading: Reading, index) => ({ ...toPrediction(reading), index }));
  return { status: 200, body: { accepted: results.length, rejected: [], results } };
}

function toReplayAnswer(
  replays: ReturnType<typeof createScriptedReplays>,
  { method, url, body }: ScriptedRequest,
): ScriptedAnswer | undefined {
  if (url === '/truth') return { status: 200, body: { accepted: [body].flat().length, rejected: [] } };
  const [, name = '', verb] = /^\/replays\/([^/]+)(?:\/(lease|ack))?$/.exec(url) ?? [];
  if (name === '') return undefined;
  if (method === 'DELETE') return { status: replays.forget(name) ? 204 : 404 };
  if (verb === 'lease') return { status: 200, body: replays.lease(name, body as LeaseRequest) };
  const answer = replays.ack(name, body as AckRequest);
  return answer === undefined ? { status: 404 } : { status: 200, body: answer };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function respond(response: ServerResponse, { status, body, headers }: ScriptedAnswer) {
  const contentType = status === 200 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'Content-Type': contentType, ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}
