import { connect } from 'node:net';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { ledgerSchema, problemSchema } from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../testing/start-test-api.ts';

const reading = { temperature: 24, humidity: 51, sound_volume: 60 };
const json = { 'content-type': 'application/json' };
const ndjson = { 'content-type': 'application/x-ndjson' };

let database: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  const settings = { MAX_DECODED_BYTES: '3000000' };
  api = await startTestApi({ databaseUrl: database.url, settings });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

type Bytes = Uint8Array<ArrayBuffer>;

function post(path: string, body: string | Bytes, headers: Record<string, string>): Promise<Response> {
  return fetch(`${api.url}${path}`, { method: 'POST', body, headers });
}

async function readProblem(answer: Response) {
  expect(answer.headers.get('content-type')).toContain('application/problem+json');
  return problemSchema.parse(await answer.json());
}

async function readLines(answer: Response): Promise<Record<string, unknown>[]> {
  expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/x-ndjson']);
  return (await answer.text())
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

async function expectAlive(): Promise<void> {
  expect((await api.post(reading)).status).toBe(200);
}

describe('Content-Encoding', () => {
  const unknown = ['constructor', 'toString', '__proto__', 'hasOwnProperty', 'valueOf', 'gzip, gzip', 'x'];

  test.each(unknown)('%s is rejected with 415', async (encoding) => {
    const headers = { 'content-encoding': encoding };
    for (const [path, type] of [
      ['/predict', json],
      ['/predict', ndjson],
      ['/feedback', json],
      ['/replays/x/lease', json],
    ] as const) {
      const answer = await post(path, JSON.stringify(reading), { ...type, ...headers });
      expect((await readProblem(answer)).type).toContain('unsupported_media_type');
    }
    await expectAlive();
  });

  test.each([
    ['gzip', gzipSync],
    ['GZIP', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ] as const)('%s is decompressed', async (encoding, compress) => {
    const body = compress(JSON.stringify(reading));
    expect((await post('/predict', body, { ...json, 'content-encoding': encoding })).status).toBe(200);
  });

  test.each([
    ['garbage', Buffer.from('this was never compressed')],
    ['cut off', gzipSync(JSON.stringify(reading)).subarray(0, 20)],
    ['encoded differently', deflateSync(JSON.stringify(reading))],
  ])('rejects a body that is %s with 400', async (_what, body) => {
    for (const type of [json, ndjson]) {
      const answer = await post('/predict', body, { ...type, 'content-encoding': 'gzip' });
      expect([answer.status, (await readProblem(answer)).type]).toEqual([
        400,
        'urn:sensor-sentinel:problem:malformed_request',
      ]);
    }
    await expectAlive();
  });
});

describe('a body that is not UTF-8', () => {
  const bytes = Buffer.from(JSON.stringify({ ...reading, sensor_id: 'caf_' }).replace('_', '\xe9'), 'latin1');

  test.each(['/predict', '/feedback', '/replays/x/lease'])(
    'is rejected with 400 by POST %s',
    async (path) => {
      const problem = await readProblem(await post(path, bytes, json));
      expect([problem.status, problem.detail]).toEqual([400, expect.stringContaining('UTF-8')]);
    },
  );

  test('is an error of its line in a stream, and is never stored', async () => {
    const good = Buffer.from(`\n${JSON.stringify({ ...reading, sensor_id: 'café' })}\n`);
    const answers = await readLines(await post('/predict', Buffer.concat([bytes, good]), ndjson));
    expect(answers).toMatchObject([
      { index: 0, errors: [{ path: '', message: expect.stringContaining('UTF-8') }] },
      { index: 1, sensor_id: 'café' },
    ]);
    expect(await (await api.get('/sensors?search=caf')).json()).toMatchObject({ total: 1 });
  });
});

describe('a decompressed body', () => {
  const bomb = gzipSync('{}\n'.repeat(2_000_000), { level: 9 });

  test('is cut off at MAX_BODY_BYTES', async () => {
    const answer = await post('/predict', bomb, { ...json, 'content-encoding': 'gzip' });
    expect((await readProblem(answer)).status).toBe(413);
    await expectAlive();
  });

  test('is cut off beyond the allowed ratio, before most lines are stored', async () => {
    const lines = gzipSync(`${JSON.stringify({ ...reading, temperature: 5000 })}\n`.repeat(40_000), {
      level: 9,
    });
    const answers = await readLines(await post('/predict', lines, { ...ndjson, 'content-encoding': 'gzip' }));
    expect(answers.at(-1)).toMatchObject({
      problem: { status: 413, detail: expect.stringContaining('200 times') },
    });
    expect(answers.length).toBeLessThan(30_000);
  });

  test('is cut off at MAX_DECODED_BYTES', async () => {
    const random = () => Math.random() * 20;
    const lines = Array.from(
      { length: 50_000 },
      () => `${JSON.stringify({ ...reading, temperature: 1000 + random() })}\n`,
    );
    const body = gzipSync(lines.join(''));
    const answers = await readLines(await post('/predict', body, { ...ndjson, 'content-encoding': 'gzip' }));
    expect(answers.at(-1)).toMatchObject({
      problem: { status: 413, detail: expect.stringContaining('3000000 bytes') },
    });
  });
});

describe('lines without a reading', () => {
  const nothing = [
    ['empty', '\n'],
    ['blank', ' \r\n'],
    ['empty objects', '{}\n'],
    ['of other fields', '{"constructor":1}\n'],
    ['no JSON', 'x\n'],
  ] as const;

  test.each(nothing)('end a stream after ten thousand in a row: %s', async (_what, line) => {
    const answer = await post('/predict', line.repeat(100_000), ndjson);
    const text = await answer.text();
    const last = JSON.parse(text.split('\n').at(-2) ?? text);
    expect((last.problem ?? last).detail).toContain('10000 lines in a row hold no reading');
    expect(text.split('\n').length).toBeLessThan(12_000);
    await expectAlive();
  });

  test('do not end a stream that continues with readings', async () => {
    const some = `${'\n'.repeat(6000)}${JSON.stringify(reading)}\n`.repeat(3);
    expect(await readLines(await post('/predict', some, ndjson))).toHaveLength(3);
    const invalid = `${JSON.stringify({ ...reading, humidity: 101 })}\n`.repeat(12_000);
    expect(await readLines(await post('/predict', invalid, ndjson))).toHaveLength(12_000);
  });

  test('are not read any more after the client disconnects', async () => {
    const counted = startCounting();
    const lines = Buffer.from('{"humidity":1}\n'.repeat(2_000_000));
    const head = 'POST /predict HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-ndjson\r\n';
    const socket = connect(Number(new URL(api.url).port), '127.0.0.1').on('error', () => undefined);
    onTestFinished(() => void socket.destroy());
    socket.write(`${head}Content-Length: ${lines.length}\r\n\r\n`);
    socket.write(lines);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.destroy();
    await counted.settled();
    expect(await counted.rejected()).toBeLessThan(1_000_000);
  });
});

/** Counts rejected lines in the ledger, that is, the lines that were read. */
function startCounting() {
  const rejected = async () => ledgerSchema.parse(await (await api.get('/ledger')).json()).totals.rejected;
  return {
    rejected,
    /** Posts one invalid reading at a time; resolves when it is the only one counted since the previous poll. */
    async settled() {
      for (let before = await rejected(); ; ) {
        await api.post({ ...reading, humidity: 101 });
        await expect.poll(rejected, { timeout: 30_000 }).toBeGreaterThan(before);
        const now = await rejected();
        if (now === before + 1) return;
        before = now;
      }
    },
  };
}
