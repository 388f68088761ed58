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

/** What the server says on a connection before it closes it. */
async function readUntilClosed(socket: Socket): Promise<string> {
  return text(socket).catch(() => '');
}

/** Asks until the answer has the status, as a request on another connection may be noticed a moment later. */
async function postUntil(api: TestApi, status: number): Promise<Response> {
  for (;;) {
    const answer = await api.post(reading).catch(() => undefined);
    if (answer?.status === status) return answer;
    await answer?.text();
  }
}

describe('requests under way', () => {
  test.each([
    { limit: 'MAX_REQUESTS', status: 503, code: 'overloaded' },
    { limit: 'MAX_REQUESTS_PER_CLIENT', status: 429, code: 'too_many_requests' },
  ])('are at most $limit: beyond that $status with Retry-After', async ({ limit, status, code }) => {
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

  test('are told apart by what the proxy says of them, whatever they say themselves', async () => {
    const api = await start({ MAX_REQUESTS_PER_CLIENT: '1', TRUST_PROXY: '1' });
    const asOf = (address: string) => api.post(reading, { 'x-forwarded-for': `10.9.9.9, ${address}` });
    await open(api, headOf('10.9.9.9, 10.0.0.1'));
    while ((await asOf('10.0.0.1')).status !== 429);
    expect((await asOf('10.0.0.2')).status).toBe(200);
  });

  test('are not told apart without TRUST_PROXY', async () => {
    const api = await start({ MAX_REQUESTS_PER_CLIENT: '1' });
    await open(api, headOf('10.0.0.1'));
    while ((await api.post(reading, { 'x-forwarded-for': '10.0.0.2' })).status !== 429);
  });
});

describe('connections', () => {
  test('are at most MAX_CONNECTIONS; those that close make room', async () => {
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

describe('clients that hold a connection', () => {
  test.each([
    ['that never sends a request', ''],
    ['whose headers do not end', 'POST /predict HTTP/1.1\r\nHost: localhost\r\n'],
    ['whose body does not end', head + body.slice(1)],
    ['whose body does not end, on a route of Express', head.replace('/predict', '/v2/models/x/infer')],
  ])('are closed: one %s', async (_what, sent) => {
    const api = await start({ REQUEST_TIMEOUT_MS: '300' });
    expect(await readUntilClosed(await open(api, sent))).not.toContain('200 OK');
    expect((await api.post(reading)).status).toBe(200);
  });

  test('are closed: one that sends its body byte by byte for too long', async () => {
    const api = await start({ REQUEST_TIMEOUT_MS: '300' });
    const socket = await open(api, head.replace(`${body.length}`, '100000'));
    const dripping = setInterval(() => socket.write(' '), 20);
    await readUntilClosed(socket);
    clearInterval(dripping);
  });

  test('are closed: one that stops in the middle of a stream, and keep what it sent', async () => {
    const api = await start({ IDLE_TIMEOUT_MS: '300' });
    const line = `${JSON.stringify({ ...reading, sensor_id: 'half' })}\n`;
    const chunk = `${line.length.toString(16)}\r\n${line}\r\n`;
    const streamHead = `POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n`;
    expect(await readUntilClosed(await open(api, streamHead + chunk))).toContain('"index":0');
    expect(await (await api.get('/readings?sensor_id=half')).json()).toMatchObject({ total: 1 });
  });

  test('are closed: one that never reads its answers', async () => {
    const api = await start({ IDLE_TIMEOUT_MS: '300', MAX_CONNECTIONS: '1' });
    const socket = await open(api, 'GET /models HTTP/1.1\r\nHost: localhost\r\n\r\n'.repeat(10_000));
    socket.pause();
    await postUntil(api, 200); // the only connection there may be
  });
});

describe('a body that is too large', () => {
  test('is answered with 413, and the connection can be used again', async () => {
    const api = await start({ MAX_BODY_BYTES: '100' });
    const answer = await api.post(`"${'x'.repeat(200_000)}"`);
    expect(answer.status).toBe(413);
    expect((await api.post(reading)).status).toBe(200);
  });
});
