import type { Random } from '../testing/random.ts';

const tlsHello = '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03';
const texts = [
  '\r\n',
  '\r\n\r\n\r\n',
  '\n',
  '\0',
  'GET',
  'GET /',
  'GET /livez\r\n',
  'GET /livez HTTP/1.1',
  'GET /livez HTTP/1.1\r\n',
  'GET /livez HTTP/1.1\r\nHost',
  'POST /predict HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\n{',
  'HTTP/1.1 200 OK\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  'SSH-2.0-x\r\n',
  tlsHello,
  '\x05\x01\x00',
  'PROXY TCP4 1.1.1.1 1.1.1.1 1 1\r\n',
  '* * *\r\n\r\n',
  'GET  /livez  HTTP/1.1\r\n\r\n',
  'GET\t/livez\tHTTP/1.1\r\n\r\n',
] as const;

/** Bytes that are no whole HTTP request. */
export function drawGarbage(random: Random): Buffer {
  if (random.isBelow(0.6)) return Buffer.from(random.pick(texts), 'latin1');
  const bytes = Buffer.from(
    Array.from({ length: random.pick([1, 10, 100, 5000]) }, () => random.between(0, 255)),
  );
  return random.isBelow(0.3) ? Buffer.concat([Buffer.from('GET / HTTP/1.1\r\n'), bytes]) : bytes;
}
