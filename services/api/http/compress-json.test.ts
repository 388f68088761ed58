import { createServer, get, type IncomingHttpHeaders, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import express from 'express';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { compressJson } from './compress-json.ts';

const large = Array.from({ length: 2000 }, (_, index) => ({ temperature: index / 10 }));
const small = { state: 'normal' };
let server: Server;

beforeAll(async () => {
  const app = express().use(compressJson);
  app.get('/large', (_, response) => void response.json(large));
  app.get('/text', (_, response) => void response.type('csv').send('24.1,51.2\n'.repeat(2000)));
  app.get('/small', (_, response) => void response.json(small));
  server = createServer(app);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterAll(() => new Promise((resolve) => server.close(resolve)));

/** The answer as it goes over the connection. */
async function ask(path: string, encoding: string): Promise<{ headers: IncomingHttpHeaders; body: Buffer }> {
  const { port } = server.address() as AddressInfo; // it listens on a port
  return new Promise((resolve, reject) => {
    const headers = { 'accept-encoding': encoding, connection: 'close' };
    get({ host: '127.0.0.1', port, path, headers }, async (answer) =>
      resolve({ headers: answer.headers, body: await buffer(answer) }),
    ).on('error', reject);
  });
}

describe('compressJson', () => {
  test('compresses a large answer for a client that takes gzip', async () => {
    const { headers, body } = await ask('/large', 'gzip, deflate');
    expect(headers).toMatchObject({
      'content-encoding': 'gzip',
      'content-type': 'application/json; charset=utf-8',
      vary: 'Accept-Encoding',
    });
    expect(body.length).toBeLessThan(JSON.stringify(large).length / 4);
    expect(JSON.parse(gunzipSync(body).toString())).toEqual(large);
  });

  test('leaves other content as it is', async () => {
    const { headers } = await ask('/text', 'gzip');
    expect(headers['content-encoding']).toBeUndefined();
  });

  test.each([
    ['small answers', '/small', 'gzip'],
    ['a client that takes none', '/large', 'identity'],
    ['a client that refuses gzip', '/large', 'gzip;q=0'],
  ])('does not compress for %s', async (_, path, encoding) => {
    const { headers, body } = await ask(path, encoding);
    expect(headers['content-encoding']).toBeUndefined();
    expect(JSON.parse(body.toString())).toEqual(path === '/small' ? small : large);
  });
});
