import type { Random } from '../testing/random.ts';
import { pick, words } from './choices.ts';

const texts = [
  ...[
    '\r\n',
    '\r\n\r\n\r\n',
    '\n',
    '\0',
    'GET',
    'GET /',
    'GET /livez\r\n',
    'GET /livez HTTP/1.1',
    'SSH-2.0-x\r\n',
  ],
  ...['GET /livez HTTP/1.1\r\n', 'GET /livez HTTP/1.1\r\nHost', 'HTTP/1.1 200 OK\r\n\r\n', '* * *\r\n\r\n'],
  'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{',
  ...['PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', 'PROXY TCP4 1.1.1.1 1.1.1.1 1 1\r\n', '\x05\x01\x00'],
  '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03', // TLS
  ...['GET  /livez  HTTP/1.1\r\n\r\n', 'GET\t/livez\tHTTP/1.1\r\n\r\n'],
];

/** Bytes that are not a whole HTTP request. */
export function drawGarbage(random: Random): Buffer {
  if (random.isBelow(0.6)) return Buffer.from(pick(random, texts), 'latin1');
  const length = random.pick([1, 10, 100, 5000]);
  const bytes = Buffer.from(Array.from({ length }, () => random.between(0, 255)));
  return random.isBelow(0.3) ? Buffer.concat([Buffer.from('GET / HTTP/1.1\r\n'), bytes]) : bytes;
}

const paths = words`/livez /readyz /alerts /none /readings?limit=x /readings?limit=1 /v2`;

/** Several requests on one connection, each sent before the answer to the one before. */
export function drawPipelined(host: string, random: Random): { bytes: Buffer; methods: string[] } {
  const methods = Array.from({ length: random.between(2, 20) }, () => random.pick(['GET', 'GET', 'HEAD']));
  const requests = methods.map(
    (method) => `${method} ${pick(random, paths)} HTTP/1.1\r\nHost: ${host}\r\n\r\n`,
  );
  return { bytes: Buffer.from(requests.join('')), methods };
}
