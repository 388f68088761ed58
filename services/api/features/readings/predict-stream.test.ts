import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type ClientRequest, type IncomingMessage, request as sendRequest } from 'node:http';
import { createInterface } from 'node:readline';
import { gzipSync } from 'node:zlib';
import { readingsPageSchema } from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { startWire, type Wire } from '../../testing/start-wire.ts';

const reading = { temperature: 24, humidity: 51, sound_volume: 60 };
const ndjson = { 'content-type': 'application/x-ndjson' };

let database: TestDatabase;
let wire: Wire;
let api: TestApi;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  const url = new URL(database.url);
  wire = await startWire({ host: url.hostname, port: Number(url.port || 3306) });
  url.hostname = '127.0.0.1';
  url.port = String(wire.port);
  api = await startTestApi({ databaseUrl: url.href, settings: { MAX_LINE_BYTES: '300' } });
});

afterAll(async () => {
  await api.stop();
  await wire.cut();
  await database.drop();
});

function open(): ClientRequest {
  return sendRequest(`${api.url}/predict`, { method: 'POST', headers: ndjson }).on('error', () => undefined);
}

/** Yields answers as they arrive. */
async function readAnswers(stream: ClientRequest): Promise<AsyncIterator<string>> {
  const [response] = (await once(stream, 'response')) as [IncomingMessage];
  return createInterface(response)[Symbol.asyncIterator]();
}

async function nextOf(answers: AsyncIterator<string>): Promise<Record<string, unknown>> {
  return JSON.parse((await answers.next()).value);
}

const toLine = (body: unknown) => `${JSON.stringify(body)}\n`;

async function postLines(
  lines: string | Uint8Array<ArrayBuffer>,
  headers = {},
): Promise<Record<string, unknown>[]> {
  const answer = await fetch(`${api.url}/predict`, {
    method: 'POST',
    headers: { ...ndjson, ...headers },
    body: lines,
  });
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  expect(answer.headers.get('x-accel-buffering')).toBe('no');
  return (await answer.text())
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

describe('POST /predict with NDJSON', () => {
  test('answers each line by index, with its prediction or its errors', async () => {
    const id = randomUUID();
    const lines = [
      JSON.stringify({ ...reading, sensor_id: 'lines', id }),
      '{"temperature":',
      '   ',
      JSON.stringify({ ...reading, humidity: 101 }),
      JSON.stringify({ ...reading, sensor_id: 'lines', id }),
      JSON.stringify({ ...reading, humidity: 52, sensor_id: 'lines', id }),
      JSON.stringify({ ...reading, sensor_id: 'x'.repeat(400) }),
      JSON.stringify({ ...reading, sensor_id: 'lines' }),
    ];
    const answers = await postLines(`\ufeff${lines.join('\r\n')}`);
    expect(answers).toMatchObject([
      { index: 0, prediction: 0, id, sensor_id: 'lines' },
      { index: 1, errors: [{ path: '', message: expect.stringContaining('not valid JSON') }] },
      { index: 2, errors: [{ path: 'humidity' }] },
      { index: 3, id, duplicate: true, replayed: true },
      { index: 4, errors: [{ path: 'id' }] },
      { index: 5, errors: [{ path: '', message: 'expected a line of at most 300 bytes' }] },
      { index: 6, sensor_id: 'lines' },
    ]);
    const page = readingsPageSchema.parse(await (await api.get('/readings?sensor_id=lines')).json());
    expect(page.total).toBe(2);
  });

  test('accepts thousands of lines, compressed lines, and an empty body', async () => {
    const text = toLine({ ...reading, sensor_id: 'many' }).repeat(2500);
    expect((await postLines(text)).map(({ index }) => index)).toEqual(Array.from(Array(2500).keys()));
    const few = gzipSync(toLine(reading).repeat(4));
    expect(await postLines(few, { 'content-encoding': 'gzip' })).toHaveLength(4);
    expect(await postLines('\n\n')).toEqual([]);
  });

  test('answers a line as soon as it is committed, before the request ends', async () => {
    const stream = open();
    stream.write(toLine(reading));
    const answers = await readAnswers(stream);
    expect(await nextOf(answers)).toMatchObject({ index: 0, prediction: 0 });
    stream.write(toLine(reading).slice(0, 20));
    stream.end(toLine(reading).slice(20));
    expect(await nextOf(answers)).toMatchObject({ index: 1, prediction: 0 });
    expect((await answers.next()).done).toBe(true);
  });

  test('stops reading while the client does not read, and ends the connection after a while', async () => {
    const own = await startTestApi({ databaseUrl: database.url, settings: { IDLE_TIMEOUT_MS: '2000' } });
    const stream = sendRequest(`${own.url}/predict`, { method: 'POST', headers: ndjson });
    const closed = new Promise((resolve) => stream.once('close', resolve));
    stream.on('error', () => undefined).write('{"humidity":1}\n'.repeat(2_000_000));
    const [response] = (await once(stream, 'response')) as [IncomingMessage];
    response.on('error', () => undefined).pause();
    await closed;
    expect(stream.writableFinished).toBe(false);
    await own.stop();
  });

  test('ends with a problem and its index when the database becomes unavailable', async () => {
    const stream = open();
    stream.write(toLine(reading));
    const answers = await readAnswers(stream);
    await nextOf(answers);
    await wire.cut();
    stream.write(toLine(reading));
    expect(await nextOf(answers)).toMatchObject({
      index: 1,
      problem: { type: 'urn:sensor-sentinel:problem:database_unavailable', status: 503 },
    });
    expect((await answers.next()).done).toBe(true);
    const refused = await fetch(`${api.url}/predict`, {
      method: 'POST',
      headers: ndjson,
      body: toLine(reading),
    });
    expect([refused.status, refused.headers.has('retry-after')]).toEqual([503, true]);
    await wire.mend();
    expect(await postLines(toLine(reading))).toMatchObject([{ index: 0, prediction: 0 }]);
  });

  test('ends with a problem when the server stops', async () => {
    const own = await startTestApi({ databaseUrl: database.url });
    const stream = sendRequest(`${own.url}/predict`, { method: 'POST', headers: ndjson });
    stream.on('error', () => undefined).write(toLine(reading));
    const answers = await readAnswers(stream);
    await nextOf(answers);
    own.stop();
    expect(await nextOf(answers)).toMatchObject({ index: 1, problem: { status: 503 } });
    expect((await answers.next()).done).toBe(true);
    await own.stop();
  });

  test.each(['explain', 'votes'])('rejects %s', async (name) => {
    const answer = await fetch(`${api.url}/predict?${name}=true`, {
      method: 'POST',
      headers: ndjson,
      body: '',
    });
    expect(answer.status).toBe(400);
  });
});
