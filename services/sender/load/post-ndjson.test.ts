import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { systemClock as clock } from '../clock.ts';
import type { Outgoing, RowAnswer } from './outgoing.ts';
import { postNdjson } from './post-ndjson.ts';
import { createPredictClient } from './predict-client.ts';

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
  const scored = {
    type: 'climate',
    prediction: 0,
    score: 0.1,
    model: 'knn',
    timestamp: '2026-01-01T00:00:00.000Z',
  };
  return { index, id, sensor_id, ...scored };
}

type Answering = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

async function setUp(answering: Answering) {
  // The client may close the connection while its request is read.
  const server = createServer(
    (request, response) => void Promise.resolve(answering(request, response)).catch(() => undefined),
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  const apiUrl = `http://127.0.0.1:${port}`;
  const abort = new AbortController();
  const { signal } = abort;
  const client = createPredictClient({ apiUrl, timeoutMs: 5000, connections: 2, clock, abort: signal });
  closers.push(
    client.close,
    () => server.closeAllConnections(),
    () => server.close(),
  );
  const answers: [number, RowAnswer][] = [];
  const post = (rows: readonly Outgoing[]) =>
    postNdjson(client, rows, ({ line }, answer) => answers.push([line, answer]));
  return { post, answers, abort };
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
  test.each([2, 10_000])('gives each of %i rows its answer, in order', async (count) => {
    const { post, answers } = await setUp(answerLines);
    const rows = Array.from({ length: count }, (_, line) => toRow(line));
    expect(await post(rows)).toMatchObject({ status: 200, body: null });
    expect(answers.map(([line]) => line)).toEqual(rows.map(({ line }) => line));
    expect(answers[1]?.[1]).toEqual({
      outcome: 'accepted',
      isDuplicate: false,
      prediction: {
        type: 'climate',
        id: toRow(1).reading.id,
        sensor_id: 'boiler',
        prediction: 0,
        score: 0.1,
        model: 'knn',
        timestamp: '2026-01-01T00:00:00.000Z',
      },
    });
  });

  test('distinguishes duplicate, conflicting, rejected and unreadable rows', async () => {
    const { post, answers } = await setUp(
      lineByLine((line, index) => {
        if (index === 1) return { index, errors: [{ path: 'id', message: 'is stored already' }] };
        if (index === 2) return { index, errors: [{ path: 'humidity', message: 'expected less' }] };
        if (index === 3) return { index, hello: 'world' };
        if (index === 4) return { ...toAnswer(line, index), id: toRow(99).reading.id };
        return { ...toAnswer(line, index), duplicate: true };
      }),
    );
    await post([0, 1, 2, 3, 4].map(toRow));
    expect(answers.map(([, { outcome }]) => outcome)).toEqual([
      'accepted',
      'conflict',
      'rejected',
      'unreadable',
      'unreadable',
    ]);
    expect(answers[0]?.[1]).toMatchObject({ isDuplicate: true });
    expect(answers[2]?.[1]).toMatchObject({ detail: 'humidity: expected less' });
  });

  test('returns the problem of the API, before or after answers', async () => {
    const problem = { type: 'a', title: 'b', status: 503, detail: 'unavailable' };
    const before = await setUp((request, response) => {
      request.resume();
      response.writeHead(503, { 'Retry-After': '3' }).end(JSON.stringify(problem));
    });
    expect(await before.post([toRow(0)])).toMatchObject({ status: 503, body: problem, retryAfterMs: 3000 });
    const after = await setUp(
      lineByLine((line, index) => (index === 2 ? { index, problem } : toAnswer(line, index))),
    );
    expect(await after.post([0, 1, 2, 3].map(toRow))).toMatchObject({
      status: 503,
      body: { detail: 'unavailable' },
    });
    expect(after.answers).toHaveLength(2);
  });

  test('reports a broken connection after the answers that arrived', async () => {
    const { post, answers } = await setUp(
      lineByLine((line, index) => {
        if (index === 3) closers[1]?.();
        return toAnswer(line, index);
      }),
    );
    expect(await post([0, 1, 2, 3, 4].map(toRow))).toMatchObject({ unreachable: expect.any(String) });
    expect(answers.length).toBeLessThan(5);
  });

  test('returns a problem while rows are still being sent', async () => {
    const problem = { type: 'a', title: 'b', status: 503, detail: 'unavailable' };
    const { post, answers } = await setUp(
      lineByLine((line, index) => (index === 2 ? { index, problem } : toAnswer(line, index))),
    );
    const rows = Array.from({ length: 10_000 }, (_, line) => toRow(line));
    expect(await post(rows)).toMatchObject({ status: 503, body: { detail: 'unavailable' } });
    expect(answers).toHaveLength(2);
  });

  test('ends when aborted, after the answers that arrived', async () => {
    const { post, answers, abort } = await setUp((request, response) => {
      request
        .on('error', () => undefined)
        .once('data', (chunk) => {
          const [line = ''] = String(chunk).split('\n');
          response.write(`${JSON.stringify(toAnswer(line, 0))}\n`, () => abort.abort());
        });
    });
    expect(await post([0, 1].map(toRow))).toMatchObject({ unreachable: expect.any(String) });
    expect(answers.length).toBeLessThanOrEqual(1);
  });

  test('reports an answer that ends early', async () => {
    const { post } = await setUp((request, response) => {
      request.resume().on('end', () => response.writeHead(200).end());
    });
    expect(await post([toRow(0)])).toEqual({ unreachable: 'the answer ended before its last line' });
  });

  test.each([['an index twice', (line: string) => toAnswer(line, 0), 'line 1 has the index 0']])(
    'reads no further line after %s',
    async (_, toLine, fault) => {
      const { post, answers } = await setUp(lineByLine(toLine));
      expect(await post([0, 1, 2].map(toRow))).toMatchObject({ status: 200, body: { fault } });
      expect(answers).toHaveLength(1);
    },
  );
});
