import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';

export type ScriptedAnswer = { status: number; body?: unknown; headers?: Record<string, string> };
export type ScriptedRequest = { method: string; url: string; body: unknown };

type Reading = { id: string; temperature: number; sensor_id: string; timestamp?: string };
export type Script = (request: ScriptedRequest) => ScriptedAnswer | 'hang up' | 'never' | undefined;

/** For tests: an API over real HTTP that answers as the contract says, but where the script says otherwise. */
export async function startScriptedApi(script: Script = () => undefined, port = 0) {
  const requests: ScriptedRequest[] = [];
  const server = createServer(async (request, response) => {
    const received = { method: request.method ?? '', url: request.url ?? '', body: await readJson(request) };
    requests.push(received);
    const answer = script(received) ?? toContractAnswer(received);
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
    predictions: () => requests.filter(({ method }) => method === 'POST').map(({ body }) => body),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** An anomaly is what is warmer than 30 °C. */
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
  if (!Array.isArray(body)) return { status: 200, body: toPrediction(body as Reading) };
  const results = body.map((reading: Reading, index) => ({ ...toPrediction(reading), index }));
  return { status: 200, body: { accepted: results.length, rejected: [], results } };
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of request) chunks.push(chunk);
  const text = Buffer.concat(chunks).toString();
  return text === '' ? undefined : JSON.parse(text);
}

function respond(response: ServerResponse, { status, body, headers }: ScriptedAnswer) {
  const contentType = status === 200 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'Content-Type': contentType, ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}
