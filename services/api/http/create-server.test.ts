import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { problemSchema } from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../testing/start-test-api.ts';

let database: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  api = await startTestApi({ databaseUrl: database.url, settings: { REQUEST_TIMEOUT_MS: '300' } });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

async function open(sent: string): Promise<Socket> {
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1').on('error', () => undefined);
  onTestFinished(() => void socket.destroy());
  await once(socket, 'connect');
  socket.write(sent);
  return socket;
}

const host = 'Host: localhost\r\n';
const ndjson = `POST /predict HTTP/1.1\r\n${host}Content-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n`;
const chunked = ndjson.replace('x-ndjson', 'json');

describe('an unreadable request', () => {
  test.each([
    ['is not HTTP', 'nonsense\r\n\r\n', 400, 'malformed_request'],
    ['names an unknown method', `GRAB /stats HTTP/1.1\r\n${host}\r\n`, 400, 'malformed_request'],
    ['has a header without a name', `GET /stats HTTP/1.1\r\n${host}: x\r\n\r\n`, 400, 'malformed_request'],
    [
      'has two lengths',
      `POST /predict HTTP/1.1\r\n${host}Content-Length: 1\r\nContent-Length: 2\r\n\r\n`,
      400,
      'malformed_request',
    ],
    ['has a broken chunk', `${chunked}zz\r\n`, 400, 'malformed_request'],
    ['has a broken chunk in a stream', `${ndjson}zz\r\n`, 400, 'malformed_request'],
    [
      'has headers of 40 kB',
      `GET /stats HTTP/1.1\r\n${host}X-Long: ${'x'.repeat(40_000)}\r\n\r\n`,
      431,
      'headers_too_large',
    ],
    ['has chunk extensions of 40 kB', `${chunked}1;${'x'.repeat(40_000)}\r\n`, 413, 'body_too_large'],
    ['does not complete its headers', `GET /stats HTTP/1.1\r\n${host}`, 408, 'request_timeout'],
    ['does not complete its body', `${chunked}1\r\n{\r\n`, 408, 'request_timeout'],
    [
      'has an unsupported Expect header',
      `POST /predict HTTP/1.1\r\n${host}Expect: a-miracle\r\nConnection: close\r\n\r\n`,
      417,
      'expectation_failed',
    ],
    ['uses CONNECT', `CONNECT elsewhere:443 HTTP/1.1\r\n${host}\r\n`, 405, 'method_not_allowed'],
  ])('that %s is answered with a problem', async (_what, sent, ...expected) => {
    const [status, code] = expected;
    const answer = await text(await open(sent));
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
    expect(head).toContain('Content-Type: application/problem+json');
    expect(problemSchema.parse(JSON.parse(body))).toMatchObject({
      status,
      type: `urn:sensor-sentinel:problem:${code}`,
    });
    expect((await api.get('/livez')).status).toBe(200);
  });
});
