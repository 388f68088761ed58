import { once } from 'node:events';
import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { problemSchema } from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../testing/start-test-api.ts';

const reading = { temperature: 24, humidity: 51, sound_volume: 60 };
const body = JSON.stringify(reading);
const head = `POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`;

const artifact = fileURLToPath(new URL('../../../model/artifacts/logistic-regression.json', import.meta.url));
const modelDirectory = mkdtempSync(join(tmpdir(), 'models-'));
let database: TestDatabase;

beforeAll(async () => {
  copyFileSync(artifact, join(modelDirectory, 'logistic-regression.json'));
  database = await createTestDatabase(inject('databaseAdminUrl'));
});

afterAll(async () => {
  rmSync(modelDirectory, { recursive: true });
  await database.drop();
});

async function start(settings: Record<string, string>): Promise<TestApi> {
  const options = { databaseUrl: database.url, modelDirectory, modelName: 'logistic-regression' };
  const api = await startTestApi({ ...options, settings });
  onTestFinished(() => api.stop());
  return api;
}

async function open({ url }: TestApi, sent: string): Promise<Socket> {
  const socket = connect(Number(new URL(url).port), '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(sent);
  return socket;
}

/** Reads everything that the server sends before it closes the connection. */
async function readUntilClosed(socket: Socket): Promise<string> {
  return text(socket).catch(() => '');
}

/** Retries until the response has the status: the server may notice a request on another connection a moment later. */
async function postUntil(api: TestApi, status: number): Promise<Response> {
  for (;;) {
    const answer = await api.post(reading).catch(() => undefined);
    if (answer?.status === status) return answer;
    await answer?.text();
  }
}

describe('requests in progress', () => {
  test.each([
    { limit: 'MAX_REQUESTS', status: 503, code: 'overloaded' },
    { limit: 'MAX_REQUESTS_PER_CLIENT', status: 429, code: 'too_many_requests' },
  ])('beyond $limit are rejected with $status and Retry-After', async ({ limit, status, code }) => {
    const api = await start({ [limit]: '2' });
    const slow = [await open(api, head), await open(api, head)];
    const answer = await postUntil(api, status);
    expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(problemSchema.parse(await answer.json()).type).toBe(`urn:sensor-sentinel:problem:${code}`);
    expect((await api.get('/livez')).status).toBe(200);
    for (const socket of slow) socket.write(body);
    await postUntil(api, 200);
  });
});

describe('clients behind a proxy', () => {
  const headOf = (forwarded: string) => head.replace('\r\n', `\r\nX-Forwarded-For: ${forwarded}\r\n`);

  test("are identified by the proxy's entry in X-Forwarded-For, not by their own", async () => {
    const api = await start({ MAX_REQUESTS_PER_CLIENT: '1', TRUST_PROXY: '1' });
    const asOf = (address: string) => api.post(reading, { 'x-forwarded-for': `10.9.9.9, ${address}` });
    await open(api, headOf('10.9.9.9, 10.0.0.1'));
    while ((await asOf('10.0.0.1')).status !== 429);
    expect((await asOf('10.0.0.2')).status).toBe(200);
  });

  test('count as one client without TRUST_PROXY', async () => {
    const api = await start({ MAX_REQUESTS_PER_CLIENT: '1' });
    await open(api, headOf('10.0.0.1'));
    while ((await api.post(reading, { 'x-forwarded-for': '10.0.0.2' })).status !== 429);
  });
});

describe('connections', () => {
  test('are limited by MAX_CONNECTIONS, and free their place when closed', async () => {
    const api = await start({ MAX_CONNECTIONS: '2' });
    const first = await open(api, head);
    await open(api, head);
    expect(await readUntilClosed(await open(api, head + body))).toBe('');
    first.write(body);
    expect(String(await once(first, 'data'))).toContain('200 OK');
    first.destroy();
    await postUntil(api, 200);
  });
});

describe('a connection is closed', () => {
  test.each([
    ['sends no request', ''],
    ['does not complete its headers', 'POST /predict HTTP/1.1\r\nHost: localhost\r\n'],
    ['does not complete its body', head + body.slice(1)],
    ['does not complete its body on an Express route', head.replace('/predict', '/v2/models/x/infer')],
  ])('if the client %s', async (_what, sent) => {
    const api = await start({ REQUEST_TIMEOUT_MS: '300' });
    expect(await readUntilClosed(await open(api, sent))).not.toContain('200 OK');
    expect((await api.post(reading)).status).toBe(200);
  });

  test('if the client sends its body byte by byte for too long', async () => {
    const api = await start({ REQUEST_TIMEOUT_MS: '300' });
    const socket = await open(api, head.replace(`${body.length}`, '100000'));
    const dripping = setInterval(() => socket.write(' '), 20);
    await readUntilClosed(socket);
    clearInterval(dripping);
  });

  test('if the client pauses in the middle of a stream, whose complete lines are stored', async () => {
    const api = await start({ IDLE_TIMEOUT_MS: '300' });
    const line = `${JSON.stringify({ ...reading, sensor_id: 'half' })}\n`;
    const chunk = `${line.length.toString(16)}\r\n${line}\r\n`;
    const streamHead = `POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n`;
    expect(await readUntilClosed(await open(api, streamHead + chunk))).toContain('"index":0');
    expect(await (await api.get('/readings?sensor_id=half')).json()).toMatchObject({ total: 1 });
  });

  test('if the client never reads its responses', async () => {
    const api = await start({ IDLE_TIMEOUT_MS: '300', MAX_CONNECTIONS: '1' });
    const socket = await open(api, 'GET /models HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(10_000));
    socket.pause();
    await postUntil(api, 200); // needs the only connection
  });
});

describe('a body that is too large', () => {
  test('is answered with 413, and the connection stays usable', async () => {
    const api = await start({ MAX_BODY_BYTES: '100' });
    const answer = await api.post(`"${'x'.repeat(200_000)}"`);
    expect(answer.status).toBe(413);
    expect((await api.post(reading)).status).toBe(200);
  });
});
