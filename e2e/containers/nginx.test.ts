import { connect } from 'node:net';
import { join } from 'node:path';
import { problemSchema } from '@sensor-sentinel/contracts';
import axios from 'axios';
import { beforeAll, describe, expect, test } from 'vitest';
import { type Compose, createCompose } from './compose.ts';

let compose: Compose;

beforeAll(async () => {
  compose = await createCompose({ override: join(import.meta.dirname, 'echo-server.yml') });
  await compose.run('up', '--build', '--no-deps', '--wait', 'api', 'dashboard');
  await compose.run('up', '--no-deps', '--wait', 'outer'); // its nginx needs the address of the dashboard
  return async () => {
    await compose.run('down', '--volumes', '--remove-orphans');
  };
}, 900_000);

interface RawAnswer {
  status: number;
  headers: Headers;
  body: string;
}

/** Sends bytes that no HTTP client would, and reads until the server closes the connection. */
function exchange(url: string, sent: string): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    let received = '';
    const socket = connect(Number(port), hostname, () => socket.write(sent)).setEncoding('utf8');
    socket.on('data', (text: string) => {
      received += text;
    });
    // A server that refuses a long request may close before it has read all of it.
    socket.on('error', (error) => received === '' && reject(error));
    socket.on('close', () => resolve(parseAnswer(received)));
  });
}

function parseAnswer(text: string): RawAnswer {
  const [head = '', ...body] = text.split('\r\n\r\n');
  const [statusLine = '', ...lines] = head.split('\r\n');
  const headers = lines.map((line) => line.split(/: (.*)/).slice(0, 2) as [string, string]);
  return {
    status: Number(statusLine.split(' ')[1]),
    headers: new Headers(headers),
    body: body.join('\r\n\r\n'),
  };
}

const closing = 'Host: x\r\nConnection: close\r\n';
const chunked = `HTTP/1.1\r\n${closing}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`;

interface Refusal {
  what: string;
  sent: (path: string) => string;
  status: number;
  code: string;
}

const refusals: Refusal[] = [
  {
    what: 'a malformed request line',
    sent: () => 'nonsense\r\n\r\n',
    status: 400,
    code: 'malformed_request',
  },
  {
    what: 'an unknown version of HTTP',
    sent: (path) => `GET ${path} HTTP/3.0\r\n${closing}\r\n`,
    status: 400,
    code: 'malformed_request',
  },
  {
    what: 'two Host headers',
    sent: (path) => `GET ${path} HTTP/1.1\r\nHost: y\r\n${closing}\r\n`,
    status: 400,
    code: 'malformed_request',
  },
  {
    what: 'a malformed chunk',
    sent: (path) => `POST ${path} ${chunked}3\r\n{"a\r\nnot a length\r\n`,
    status: 400,
    code: 'malformed_request',
  },
  {
    what: 'an unknown transfer coding',
    sent: (path) => `POST ${path} ${chunked.replace('chunked', 'zip')}`,
    status: 400,
    code: 'malformed_request',
  },
  {
    what: 'the method TRACE',
    sent: (path) => `TRACE ${path} HTTP/1.1\r\n${closing}\r\n`,
    status: 405,
    code: 'method_not_allowed',
  },
  {
    what: 'a URI of 20 kB',
    sent: (path) => `GET ${path}?${'x'.repeat(20_000)} HTTP/1.1\r\n${closing}\r\n`,
    status: 414,
    code: 'uri_too_long',
  },
  {
    what: 'a header of 40 kB',
    sent: (path) => `GET ${path} HTTP/1.1\r\nX-Long: ${'x'.repeat(40_000)}\r\n${closing}\r\n`,
    status: 431,
    code: 'headers_too_large',
  },
];

const places = [
  { where: 'the port of the API', toUrl: ({ apiUrl }: Compose) => apiUrl, path: '/predict' },
  {
    where: 'the dashboard, below /api',
    toUrl: ({ dashboardUrl }: Compose) => dashboardUrl,
    path: '/api/predict',
  },
  { where: 'the dashboard', toUrl: ({ dashboardUrl }: Compose) => dashboardUrl, path: '/' },
];

function expectProblem({ status, headers, body }: RawAnswer, expected: { status: number; code: string }) {
  expect(status, body).toBe(expected.status);
  expect(headers.get('content-type')).toBe('application/problem+json');
  const problem = problemSchema.required().strict().parse(JSON.parse(body));
  const type = `urn:sensor-sentinel:problem:${expected.code}`;
  expect(problem).toMatchObject({ type, status: expected.status, errors: [] });
  expect(problem.title).toMatch(/^[A-Z].*\w$/);
  expect(problem.detail).toMatch(/^[A-Z].*\.$/);
}

describe.each(places)('nginx, on $where', ({ where, toUrl, path }) => {
  const possible = refusals.filter(({ what }) => where !== 'the dashboard' || !/chunk|coding/.test(what));
  test.each(possible)('answers $what with a problem: $status $code', async ({ sent, status, code }) => {
    expectProblem(await exchange(toUrl(compose), sent(path)), { status, code });
  });
});

describe('nginx, on the dashboard', () => {
  test.each([
    { line: 'POST / HTTP/1.1', status: 405, code: 'method_not_allowed' },
    { line: 'GET /assets/none.js HTTP/1.1', status: 404, code: 'not_found' },
    { line: 'GET /assets/ HTTP/1.1', status: 404, code: 'not_found' },
    { line: 'GET /nginx-problem HTTP/1.1', status: 404, code: 'not_found' },
    { line: 'GET / HTTP/1.1\r\nIf-Match: "x"', status: 412, code: 'precondition_failed' },
    { line: 'GET / HTTP/1.1\r\nRange: bytes=999999-', status: 416, code: 'range_not_satisfiable' },
  ])('answers $line with a problem: $status $code', async ({ line, ...expected }) => {
    expectProblem(await exchange(compose.dashboardUrl, `${line}\r\n${closing}\r\n`), expected);
  });
});

test('nginx redirects to the port that the client used', async () => {
  const options = { maxRedirects: 0, validateStatus: () => true };
  const { status, headers } = await axios.get<unknown>(`${compose.dashboardUrl}/api`, options);
  expect([status, headers.location]).toEqual([301, '/api/']);
});

describe.each([
  { where: 'the port of the API', toBase: ({ apiUrl }: Compose) => apiUrl },
  { where: 'the dashboard', toBase: ({ dashboardUrl }: Compose) => `${dashboardUrl}/api` },
])('nginx, from $where', ({ toBase }) => {
  test.each([400, 403, 404, 405, 413, 414, 421, 429, 431, 500, 502, 503, 504])(
    'passes a %i of the API on as it is',
    async (status) => {
      const answer = await axios.get<unknown>(`${toBase(compose)}/any`, {
        params: { status },
        validateStatus: () => true,
      });
      expect(answer.status).toBe(status);
      expect(answer.headers).toMatchObject({ 'content-type': 'text/plain', 'retry-after': '7' });
      expect(answer.data).toHaveProperty('host');
    },
  );

  test('keeps its connections to the API open', async () => {
    const ports = new Set<unknown>();
    for (let sent = 0; sent < 50; sent += 1) {
      const { headers } = await axios.get<unknown>(`${toBase(compose)}/any`);
      ports.add(headers['x-client-port']);
    }
    expect(ports.size).toBeLessThan(10);
  });

  test('passes the Host header on with its port', async () => {
    const base = toBase(compose);
    const { data } = await axios.get<unknown>(`${base}/any`);
    expect(data).toHaveProperty('host', new URL(base).host);
    const named = await axios.get<unknown>(`${base}/any`, { headers: { Host: 'sensors.example:8443' } });
    expect(named.data).toHaveProperty('host', 'sensors.example:8443');
  });

  test('answers a client of HTTP/1.0 that sends no Host header', async () => {
    const { pathname } = new URL(`${toBase(compose)}/any`);
    const { status, body } = await exchange(toBase(compose), `GET ${pathname} HTTP/1.0\r\n\r\n`);
    expect([status, JSON.parse(body)]).toMatchObject([200, { host: 'localhost' }]);
  });
});

describe('nginx, with other proxies in front of it', () => {
  test.each([
    ['events', '8443', 'text/event-stream'],
    ['events behind two proxies', '8444', 'text/event-stream'],
    ['lines of NDJSON', '8443', 'application/x-ndjson'],
    ['lines of NDJSON behind two proxies', '8444', 'application/x-ndjson'],
  ])('passes %s on before the response ends', async (_what, port, type) => {
    const address = (await compose.run('port', 'outer', port)).trim();
    const answer = await fetch(`http://${address}/api/any?stream=${encodeURIComponent(type)}`);
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader();
    // A proxy that buffers sends nothing until the response, which never ends, has ended.
    expect(await reader?.read()).toMatchObject({ value: 'event: one\n\n' });
    expect(answer.headers.get('cache-control')).toBe('no-store, no-transform');
    await reader?.cancel();
  });
});

test('nginx asks the name servers of its container', async () => {
  const [resolvers, known] = await Promise.all(
    ['/tmp/resolver.conf', '/etc/resolv.conf'].map((file) => compose.run('exec', 'dashboard', 'cat', file)),
  );
  const [, server] = /^nameserver (\S+)/m.exec(known ?? '') ?? [];
  expect(resolvers).toBe(`resolver ${server} valid=1s ipv6=off;\n`);
});

describe('nginx without an API', () => {
  test.each([
    { where: 'the port of the API', toBase: ({ apiUrl }: Compose) => apiUrl },
    { where: 'the dashboard', toBase: ({ dashboardUrl }: Compose) => `${dashboardUrl}/api` },
  ])('answers 503 api_unavailable with Retry-After on $where', async ({ toBase }) => {
    await compose.run('stop', 'api');
    const { pathname } = new URL(`${toBase(compose)}/livez`);
    const answer = await exchange(toBase(compose), `GET ${pathname} HTTP/1.1\r\n${closing}\r\n`);
    expectProblem(answer, { status: 503, code: 'api_unavailable' });
    expect(answer.headers.get('retry-after')).toBe('1');
  });
});
