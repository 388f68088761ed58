import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import {
  type AckRequest,
  climateType,
  defaultTypeName,
  type Lease,
  type LeaseRequest,
  type SensorType,
  sensorTypeInputSchema,
  type TypeAnswer,
} from '@sensor-sentinel/contracts';

const { features } = climateType;

export type ScriptedAnswer = { status: number; body?: unknown; headers?: Record<string, string> };
export type ScriptedRequest = { method: string; url: string; body: unknown };

type Reading = { id: string; temperature: number; sensor_id: string; timestamp?: string };
export type Script = (request: ScriptedRequest) => ScriptedAnswer | 'hang up' | 'never' | undefined;

/** An API over real HTTP that answers as the contract says, except where the script answers. */
export async function startScriptedApi(script: Script = () => undefined, port = 0) {
  const requests: ScriptedRequest[] = [];
  const replays = createScriptedReplays();
  const types = createScriptedTypes();
  const server = createServer(async (request, response) => {
    const received = { method: request.method ?? '', url: request.url ?? '', body: await readJson(request) };
    requests.push(received);
    const answer =
      script(received) ??
      toReplayAnswer(replays, received) ??
      types.answer(received) ??
      toContractAnswer(received);
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
    types,
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
  if (url === '/feedback') return { status: 200, body: { accepted: [body].flat().length, rejected: [] } };
  const [, name = '', verb] = /^\/replays\/([^/]+)(?:\/(lease|ack))?$/.exec(url) ?? [];
  if (name === '') return undefined;
  if (method === 'DELETE') return { status: replays.forget(name) ? 204 : 404 };
  if (verb === 'lease') return { status: 200, body: replays.lease(name, body as LeaseRequest) };
  const answer = replays.ack(name, body as AckRequest);
  return answer === undefined ? { status: 404 } : { status: 200, body: answer };
}

/** Knows the default type, and those that are added or posted. */
function createScriptedTypes() {
  const climate = features.map((feature) => ({ ...feature, decimals: null }));
  const types = new Map<string, TypeAnswer>();
  const add = (type: SensorType, model: string | null = null) => {
    const answer = { ...type, is_default: type.name === defaultTypeName, model };
    types.set(type.name, answer);
    return answer;
  };
  add({ name: defaultTypeName, features: climate }, 'scripted');

  function post(body: unknown): ScriptedAnswer {
    const parsed = sensorTypeInputSchema.safeParse(body);
    if (!parsed.success) return { status: 400 };
    const known = types.get(parsed.data.name);
    const isSame = JSON.stringify(known?.features) === JSON.stringify(parsed.data.features);
    if (known !== undefined) return isSame ? { status: 200, body: known } : { status: 409 };
    return { status: 201, body: add(parsed.data) };
  }

  return {
    add,
    names: () => [...types.keys()],
    answer({ method, url, body }: ScriptedRequest): ScriptedAnswer | undefined {
      if (url === '/types')
        return method === 'POST' ? post(body) : { status: 200, body: { types: [...types.values()] } };
      const [, name = ''] = /^\/types\/([^/]+)$/.exec(url) ?? [];
      if (name === '') return undefined;
      const known = types.get(name);
      return known === undefined ? { status: 404 } : { status: 200, body: known };
    },
  };
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
  const contentType = status < 300 ? 'application/json' : 'application/problem+json';
  response.writeHead(status, { 'Content-Type': contentType, ...headers });
  response.end(body === undefined ? '' : JSON.stringify(body));
}

interface Replay {
  id: string;
  loops: number;
  next: { loop: number; row: number };
  total: number | undefined;
  open: Map<string, Lease>;
  /** The latest ack of each lease. */
  acks: Map<string, AckRequest>;
}

export const scriptedStart = '2026-01-01T12:00:00.000Z';

/** Leases chunks in order; leases do not expire. */
export function createScriptedReplays() {
  const replays = new Map<string, Replay>();
  let leases = 0;

  function lease(name: string, request: LeaseRequest) {
    const replay = replays.get(name) ?? begin(name, request);
    replays.set(name, replay);
    const { loops, next, total } = replay;
    if (total !== undefined && next.row >= total) {
      next.loop += 1;
      next.row = 0;
    }
    const isOver = total === 0 || (loops > 0 && next.loop >= loops);
    const state = !isOver ? 'leased' : replay.open.size > 0 ? 'waiting' : 'finished';
    const terms = { replay_id: replay.id, started_at: scriptedStart, loops, active_senders: 1 };
    if (state !== 'leased') return { ...terms, state, lease: null, retry_after_ms: 500 };
    leases += 1;
    const id = `019b76da-a800-7000-8000-${String(leases).padStart(12, '0')}`;
    const rows = Math.min(request.rows, (total ?? Number.POSITIVE_INFINITY) - next.row);
    const leased = { id, loop: next.loop, first_row: next.row, rows, done_rows: 0, expires_in_ms: 10_000 };
    next.row += rows;
    replay.open.set(id, leased);
    return { ...terms, state, lease: leased, retry_after_ms: 0 };
  }

  function ack(name: string, acked: AckRequest) {
    const replay = replays.get(name);
    const leased = replay?.open.get(acked.lease_id);
    if (replay === undefined) return undefined;
    replay.total ??= acked.total_rows;
    replay.acks.set(acked.lease_id, acked);
    const rows = Math.min(
      leased?.rows ?? 0,
      Math.max(0, (replay.total ?? Number.POSITIVE_INFINITY) - (leased?.first_row ?? 0)),
    );
    if (acked.is_released || acked.done_rows >= rows) replay.open.delete(acked.lease_id);
    return { expires_in_ms: 10_000, active_senders: 1 };
  }

  return {
    lease,
    ack,
    /** Expires the lease. */
    lose: (name: string, leaseId: string) => replays.get(name)?.open.delete(leaseId),
    forget: (name: string) => replays.delete(name),
    names: () => [...replays.keys()],
    acks: (name: string) => [...(replays.get(name)?.acks.values() ?? [])],
  };
}

function begin(name: string, { loops }: LeaseRequest): Replay {
  const digit = name.includes('backfill') ? '2' : '1';
  return {
    id: `019b76da-a800-7000-8000-00000000000${digit}`,
    ...{ loops, next: { loop: 0, row: 0 }, total: undefined, open: new Map(), acks: new Map() },
  };
}
