import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock as clock } from '../clock.ts';
import type { Outgoing } from '../load/outgoing.ts';
import { createApiClient } from './api-client.ts';
import { postNdjson, type RowAnswer } from './post-ndjson.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

function toRow(line: number): Outgoing {
  const id = `019b76da-a800-7000-8000-${String(line).padStart(12, '0')}`;
  return { line, reading: { id, sensor_id: 'boiler', temperature: 24, humidity: 51, sound_volume: 60 } };
}

function toAnswer(line: string, index: number) {
  const { id, sensor_id } = JSON.parse(line);
  const scored = { prediction: 0, score: 0.1, model: 'knn', timestamp: '2026-01-01T00:00:00.000Z' };
  return { index, id, sensor_id, ...scored };
}

type Answering = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

async function setUp(answering: Answering) {
  const server = createServer((request, response) => void answering(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const apiUrl = `http://127.0.0.1:${port}`;
  const client = createApiClient({ apiUrl, timeoutMs: 5000, concurrency: 2, clock });
  closers.push(
    client.close,
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const answers: [number, RowAnswer][] = [];
  const { signal } = new AbortController();
  const post = (chunks: Iterable<readonly Outgoing[]>) =>
    postNdjson({
      ...{ client, chunks, signal },
      elapsed: clock.elapsed,
      onAnswer: ({ outgoing }, answer) => answers.push([outgoing.line, answer]),
    });
  return { post, answers };
}

/** Answers each line as it comes, with what the function makes of it. */
function lineByLine(toLine: (line: string, index: number) => unknown): Answering {
  return async (request, response) => {
    let rest = '';
    let index = 0;
    for await (const chunk of request.setEncoding('utf8')) {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) response.write(`${JSON.stringify(toLine(line, index++))}\n`);
    }
    response.end();
  };
}

const answerLines = lineByLine(toAnswer);

describe('postNdjson', () => {
  test.each([1, 3])('gives each row its answer, in order, from %i chunks', async (count) => {
    const { post, answers } = await setUp(answerLines);
    const chunks = Array.from({ length: count }, (_, chunk) => [toRow(2 * chunk), toRow(2 * chunk + 1)]);
    expect(await post(chunks)).toMatchObject({ status: 200, body: null });
    expect(answers.map(([line]) => line)).toEqual(chunks.flat().map(({ line }) => line));
    expect(answers[1]?.[1]).toEqual({
      outcome: 'accepted',
      isReplayed: false,
      prediction: {
        id: toRow(1).reading.id,
        sensor_id: 'boiler',
        prediction: 0,
        score: 0.1,
        model: 'knn',
        timestamp: '2026-01-01T00:00:00.000Z',
      },
    });
  });

  test('reads no more rows while too many are unanswered', async () => {
    const read = { most: 0, rows: 0 };
    const { post, answers } = await setUp(answerLines);
    function* chunks() {
      for (let chunk = 0; chunk < 40; chunk += 1) {
        read.rows += 500;
        read.most = Math.max(read.most, read.rows - answers.length);
        yield Array.from({ length: 500 }, (_, row) => toRow(chunk * 500 + row));
      }
    }
    expect(await post(chunks())).toMatchObject({ status: 200 });
    expect(answers).toHaveLength(20_000);
    expect(read.most).toBeLessThan(12_000);
  });

  test('tells replayed, conflicting, rejected and unreadable rows apart', async () => {
    const { post, answers } = await setUp(
      lineByLine((line, index) => {
        if (index === 1) return { index, errors: [{ path: 'id', message: 'is stored already' }] };
        if (index === 2) return { index, errors: [{ path: 'humidity', message: 'expected less' }] };
        if (index === 3) return { index, hello: 'world' };
        if (index === 4) return { ...toAnswer(line, index), id: toRow(99).reading.id };
        return { ...toAnswer(line, index), replayed: true };
      }),
    );
    await post([[0, 1, 2, 3, 4].map(toRow)]);
    expect(answers.map(([, { outcome }]) => outcome)).toEqual([
      'accepted',
      'conflict',
      'rejected',
      'unreadable',
      'unreadable',
    ]);
    expect(answers[0]?.[1]).toMatchObject({ isReplayed: true });
    expect(answers[2]?.[1]).toMatchObject({ detail: 'humidity: expected less' });
  });

  test('ends with the problem that the API says, before or after answers', async () => {
    const problem = { type: 'a', title: 'b', status: 503, detail: 'away' };
    const before = await setUp((request, response) => {
      request.resume();
      response.writeHead(503, { 'Retry-After': '3' }).end(JSON.stringify(problem));
    });
    expect(await before.post([[toRow(0)]])).toMatchObject({ status: 503, body: problem, retryAfterMs: 3000 });
    const after = await setUp(
      lineByLine((line, index) => (index === 2 ? { index, problem } : toAnswer(line, index))),
    );
    expect(await after.post([[0, 1, 2, 3].map(toRow)])).toMatchObject({
      status: 503,
      body: { detail: 'away' },
    });
    expect(after.answers).toHaveLength(2);
  });

  test('says that the connection broke, after the answers that came', async () => {
    const { post, answers } = await setUp(
      lineByLine((line, index) => {
        if (index === 3) closers[1]?.();
        return toAnswer(line, index);
      }),
    );
    expect(await post([[0, 1, 2, 3, 4].map(toRow)])).toMatchObject({ unreachable: expect.any(String) });
    expect(answers.length).toBeLessThan(5);
  });

  test('does not take an answer that ends early for a whole one', async () => {
    const { post } = await setUp((request, response) => {
      request.resume().on('end', () => response.writeHead(200).end());
    });
    expect(await post([[toRow(0)]])).toEqual({ unreachable: 'the answer ended before its last line' });
  });

  test.each([['an index twice', (line: string) => toAnswer(line, 0), 'line 1 has the index 0']])(
    'takes nothing more after %s',
    async (_, toLine, fault) => {
      const { post, answers } = await setUp(lineByLine(toLine));
      expect(await post([[0, 1, 2].map(toRow)])).toMatchObject({ status: 200, body: { fault } });
      expect(answers).toHaveLength(1);
    },
  );
});
