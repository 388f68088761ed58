import { randomUUID } from 'node:crypto';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { problemSchema } from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../testing/start-test-api.ts';

const body = JSON.stringify({ temperature: 24, humidity: 51, sound_volume: 60 });
const postHead = [
  'POST /predict HTTP/1.1',
  'Content-Type: application/json',
  `Content-Length: ${body.length}`,
];

let database: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  const settings = { ALLOWED_HOSTS: 'sentinel.example' };
  api = await startTestApi({ databaseUrl: database.url, settings });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

interface Answer {
  status: number;
  head: string;
  body: string;
}

/** Sends a raw request. */
async function send(lines: readonly string[], sent: string | Buffer = ''): Promise<Answer> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1');
  socket.write(
    Buffer.concat([
      Buffer.from(`${lines.join('\r\n')}\r\nConnection: close\r\n\r\n`, 'latin1'),
      Buffer.from(sent),
    ]),
  );
  const [head = '', answer = ''] = (await text(socket)).split('\r\n\r\n');
  return { status: Number(head.split(' ')[1]), head, body: answer };
}

function toCode(answer: Answer): string {
  expect(answer.head.toLowerCase()).toContain('content-type: application/problem+json');
  const problem = problemSchema.parse(JSON.parse(answer.body));
  expect(problem.status).toBe(answer.status);
  return problem.type.replace('urn:sensor-sentinel:problem:', '');
}

describe('the Host header', () => {
  test.each([
    'localhost',
    'LOCALHOST:5000',
    '127.0.0.1:1',
    '[::1]:5000',
    'localhost.',
    'sentinel.example:8050',
  ])('accepts %s', async (host) => {
    expect((await send([...postHead, `Host: ${host}`], body)).status).toBe(200);
    expect((await send(['GET /stats HTTP/1.1', `Host: ${host}`])).status).toBe(200);
  });

  test.each(['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example:5000', 'toString', ''])(
    'rejects %j and names ALLOWED_HOSTS',
    async (host) => {
      for (const lines of [
        [...postHead],
        ['GET /stats HTTP/1.1'],
        ['GET /stream HTTP/1.1'],
        ['GET /readyz HTTP/1.1'],
      ]) {
        const answer = await send([...lines, `Host: ${host}`], lines.length > 1 ? body : '');
        expect(toCode(answer)).toBe('misdirected_request');
        expect([answer.status, answer.body]).toEqual([421, expect.stringContaining('ALLOWED_HOSTS')]);
      }
    },
  );

  test('is required exactly once', async () => {
    expect(toCode(await send(['GET /stats HTTP/1.1']))).toBe('malformed_request');
    const twice = await send(['GET /stats HTTP/1.1', 'Host: localhost', 'host: evil.example']);
    expect([twice.status, toCode(twice)]).toEqual([400, 'malformed_request']);
    const same = await send([...postHead, 'Host: localhost', 'Host: localhost'], body);
    expect([same.status, toCode(same)]).toEqual([400, 'malformed_request']);
  });

  test('is replaced by the host of a target in absolute form', async () => {
    const post = ['POST http://localhost/predict HTTP/1.1', ...postHead.slice(1), 'Host: localhost'];
    expect((await send(post, body)).status).toBe(200);
    expect((await send(['GET http://localhost?x HTTP/1.1', 'Host: localhost'])).status).toBe(404);
    const other = await send(['GET http://evil.example/stats HTTP/1.1', 'Host: localhost']);
    expect(toCode(other)).toBe('misdirected_request');
    const inference = await send(['GET http://localhost/v2/models/none HTTP/1.1', 'Host: localhost']);
    expect([inference.status, JSON.parse(inference.body)]).toEqual([404, { error: expect.any(String) }]);
  });

  test('is rejected in the error format of the Open Inference Protocol below /v2', async () => {
    const answer = await send(['GET /v2/health/live HTTP/1.1', 'Host: evil.example']);
    expect([answer.status, JSON.parse(answer.body)]).toEqual([421, { error: expect.any(String) }]);
  });
});

describe('an unsafe request', () => {
  const id = randomUUID();
  const changes: [string, string][] = [
    ['POST', '/predict'],
    ['POST', '/models/gradient-boosting/activate?max_changed=1'],
    ['POST', '/feedback'],
    ['DELETE', `/feedback/${id}`],
    ['DELETE', '/replays/none'],
    ['POST', '/replays/none/lease'],
    ['POST', '/replays/none/ack'],
    ['POST', '/v2/models/gradient-boosting/infer'],
  ];

  async function change([method, path]: [string, string], headers: readonly string[]): Promise<Answer> {
    const given = ['Content-Type: application/json', `Content-Length: ${body.length}`, ...headers];
    return send([`${method} ${path} HTTP/1.1`, ...given], body);
  }

  test.each(changes)('%s %s is rejected from another origin', async (method, path) => {
    for (const headers of [
      ['Host: localhost:5000', 'Origin: http://other.example'],
      ['Host: localhost:5000', 'Origin: http://localhost:8050'],
      ['Host: localhost:5000', 'Origin: http://localhost'],
      ['Host: localhost:5000', 'Origin: null'],
      ['Host: localhost', 'Origin: file://'],
      ['Host: localhost', 'Origin: app://localhost'],
      ['Host: localhost:5000', 'Origin: http://localhost:5000, http://other.example'],
      ['Host: localhost:5000', 'Sec-Fetch-Site: cross-site'],
    ]) {
      const answer = await change([method, path], headers);
      expect([headers, answer.status]).toEqual([headers, 403]);
    }
  });

  test.each(changes)(
    '%s %s is accepted from the same origin and from non-browser clients',
    async (method, path) => {
      for (const headers of [
        ['Host: localhost:5000', 'Origin: http://localhost:5000', 'Sec-Fetch-Site: same-origin'],
        ['Host: LOCALHOST:5000', 'Origin: http://localhost:5000'],
        ['Host: sentinel.example', 'Origin: https://sentinel.example'],
        ['Host: sentinel.example:443', 'Origin: https://sentinel.example'],
        ['Host: localhost:5000'],
      ]) {
        const { status } = await change([method, path], headers);
        expect([headers, status]).not.toEqual([headers, 403]);
      }
    },
  );
});

describe('a query that is not UTF-8', () => {
  test.each([
    '/readings?sensor_id=%FF',
    '/stats?sensor_id=a%C3',
    '/predict?temperature=%',
    '/sensors?search=%E2%28',
  ])('%s is rejected', async (path) => {
    expect(toCode(await send([`GET ${path} HTTP/1.1`, 'Host: localhost']))).toBe('malformed_request');
  });

  test('is rejected as raw bytes, too', async () => {
    expect(toCode(await send(['GET /stats?sensor_id=\xc3\xbc HTTP/1.1', 'Host: localhost']))).toBe(
      'malformed_request',
    );
  });
});
