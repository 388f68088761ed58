import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  deliveriesPageSchema,
  listedReceiverSchema,
  maxReceivers,
  problemSchema,
  receiversAnswerSchema,
  receiverTestSchema,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { v4 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, inject, test } from 'vitest';
import { createPool } from '../../storage/pool.ts';
import { toSqlId } from '../../storage/sql-values.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { type HttpSink, startHttpSink } from '../../testing/start-http-sink.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

const secret = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';
const hook = { url: 'https://user:pass@hooks.example.com/secret-path?key=secret-key', secret };
const slack = { url: 'https://hooks.slack.example/secret-path' };
const ntfy = { url: 'https://ntfy.example.com/secret-path', topic: 'secret-topic', token: 'secret-token' };

let database: TestDatabase;
let api: TestApi;
let pool: Pool;
let sink: HttpSink;
let directory: string;
/** All that the API has answered. */
let answers: string[] = [];

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 1 });
  sink = await startHttpSink((count) => ({ status: count === 1 ? 200 : 403, body: 'not allowed' }));
  directory = await mkdtemp(join(tmpdir(), 'receivers-'));
  const file = join(directory, 'rules.yaml');
  await writeFile(file, `receivers: [{ name: Trusted, slack: { url: '${sink.url}/secret-path' } }]`);
  api = await startTestApi({ databaseUrl: database.url, settings: { RULES_FILE: file } });
});

afterEach(async () => {
  await pool.query('DELETE FROM receivers');
  const all = answers.join('\n');
  answers = [];
  expect(all).not.toMatch(/secret-|MfKQ|user:pass/);
});

afterAll(async () => {
  await api.stop();
  await Promise.all([sink.stop(), pool.end(), rm(directory, { recursive: true })]);
  await database.drop();
});

async function request(method: string, path: string, body?: unknown) {
  const given = body === undefined ? {} : { body: JSON.stringify(body) };
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(`${api.url}${path}`, { method, headers, ...given });
  const text = await answer.text();
  answers.push(text);
  return { status: answer.status, body: (text === '' ? null : JSON.parse(text)) as unknown };
}

const list = async () => receiversAnswerSchema.parse((await request('GET', '/receivers')).body).receivers;

describe('/receivers', () => {
  test('adds, changes and removes a receiver', async () => {
    const quiet_hours = [{ from: '22:00', to: '06:00', timezone: 'Europe/Berlin' }];
    const added = await request('POST', '/receivers', { name: 'On call / 1', ntfy, quiet_hours });
    expect(added.status).toBe(201);
    expect(listedReceiverSchema.parse(added.body)).toEqual({
      name: 'On call / 1',
      kind: 'ntfy',
      target: 'https://ntfy.example.com',
      origin: 'person',
      severities: ['info', 'warning', 'critical'],
      rules: '*',
      repeat_interval: '4h',
      send_resolved: true,
      group_wait: '0s',
      quiet_hours: [{ ...quiet_hours[0], critical_anyway: false }],
    });
    const path = `/receivers/${encodeURIComponent('On call / 1')}`;
    const changed = await request('PUT', path, { webhook: hook, severities: ['critical'] });
    expect(changed).toMatchObject({ status: 200, body: { kind: 'webhook', severities: ['critical'] } });
    expect(changed.body).toMatchObject({ target: 'https://hooks.example.com', quiet_hours: [] });
    expect((await list()).map(({ name, origin }) => [name, origin])).toEqual([
      ['Trusted', 'file'],
      ['On call / 1', 'person'],
    ]);
    expect((await request('DELETE', path)).status).toBe(204);
    expect((await request('DELETE', path)).status).toBe(404);
    expect(await list()).toHaveLength(1);
  });

  test('keeps the channel of a change without one, so that nobody needs the secret again', async () => {
    await request('POST', '/receivers', { name: 'Hook', webhook: hook });
    expect(await request('PUT', '/receivers/Hook', { rules: 'Silent*' })).toMatchObject({
      status: 200,
      body: { kind: 'webhook', rules: 'Silent*', target: 'https://hooks.example.com' },
    });
    const [rows] = await pool.query('SELECT definition FROM receivers');
    expect(rows).toMatchObject([{ definition: expect.stringContaining(secret) }]);
    expect((await request('PUT', '/receivers/Other', { rules: '*' })).status).toBe(404);
    expect((await request('PUT', '/receivers/Other', { slack })).status).toBe(201);
  });

  test('lists the addresses of e-mail', async () => {
    await request('POST', '/receivers', { name: 'Mail', email: { to: ['a@example.com', 'b@example.com'] } });
    expect((await list())[1]).toMatchObject({ kind: 'email', target: 'a@example.com, b@example.com' });
  });

  test.each([
    [{}, 'name'],
    [{ name: 'x' }, ''],
    [{ name: 'x', slack, ntfy }, ''],
    [{ name: '', slack }, 'name'],
    [{ name: 'x', slack: { url: 'file:///secret-path' } }, 'slack.url'],
    [{ name: 'x', slack: { url: 'secret-path' } }, 'slack.url'],
    [{ name: 'x', webhook: { url: hook.url, secret: 'secret-short' } }, 'webhook.secret'],
    [{ name: 'x', webhook: { url: hook.url } }, 'webhook.secret'],
    [{ name: 'x', slack: { ...slack, url_file: '/etc/passwd' } }, 'slack.url_file'],
    [{ name: 'x', ntfy: { topic: 'secret-topic/../x' } }, 'ntfy.topic'],
    [{ name: 'x', email: { to: ['secret-address'] } }, 'email.to[0]'],
    [{ name: 'x', email: { to: [] } }, 'email.to'],
    [{ name: 'x', slack, repeat_interval: '0s' }, 'repeat_interval'],
    [{ name: 'x', slack, severities: ['fatal'] }, 'severities[0]'],
    [{ name: 'x', slack, quiet_hours: [{ from: '22:00', to: '22:00' }] }, 'quiet_hours[0].to'],
    [{ name: 'x', slack, isTrusted: true }, 'isTrusted'],
  ])('refuses %j', async (body, path) => {
    const { status, body: problem } = await request('POST', '/receivers', body);
    expect(status).toBe(400);
    expect(problemSchema.parse(problem).errors.map((error) => error.path)).toContain(path);
  });

  test('refuses names that exist, and changes of receivers of the file', async () => {
    await request('POST', '/receivers', { name: 'Hook', webhook: hook });
    const refused = [
      await request('POST', '/receivers', { name: 'Hook', slack }),
      await request('POST', '/receivers', { name: 'Trusted', slack }),
      await request('PUT', '/receivers/Trusted', { slack }),
      await request('PUT', '/receivers/Trusted', { rules: 'x' }),
      await request('DELETE', '/receivers/Trusted'),
    ];
    expect(refused.map(({ status }) => status)).toEqual([409, 409, 409, 409, 409]);
    const types = refused.map(({ body }) => problemSchema.parse(body).title);
    expect(new Set(types.slice(1))).toEqual(new Set(['Receiver cannot be changed over HTTP']));
    expect(types[0]).toBe('Another receiver has this name');
    expect((await request('PUT', '/receivers/Hook', { name: 'Other' })).status).toBe(400);
  });

  test('has a limit', async () => {
    const rows = Array.from({ length: maxReceivers }, (_, index) => [
      `receiver ${index}`,
      JSON.stringify({ name: `receiver ${index}`, slack }),
    ]);
    await pool.query('INSERT INTO receivers (name, definition) VALUES ?', [rows]);
    expect(await request('POST', '/receivers', { name: 'one more', slack })).toMatchObject({
      status: 409,
      body: { title: 'Limit reached' },
    });
  });
});

describe('POST /receivers/{name}/test', () => {
  const post = async (name: string) => request('POST', `/receivers/${name}/test`);

  test('sends a message, and says what happened', async () => {
    const delivered = receiverTestSchema.parse((await post('Trusted')).body);
    expect(delivered).toEqual({ delivered: true, text: 'Trusted accepted the test message.' });
    expect(sink.requests[0]?.body).toContain('This is a test message of Sensor Sentinel.');
    expect((await post('Trusted')).body).toEqual({
      delivered: false,
      text: 'Trusted did not accept the test message: answered 403: not allowed',
    });
    expect((await post('Nobody')).status).toBe(404);
  });

  test.each(['127.0.0.1', 'localhost', '[::1]', '10.0.0.1', '169.254.169.254', '[::ffff:127.0.0.1]'])(
    'does not reach %s for a receiver that was made over HTTP',
    async (host) => {
      const { port } = new URL(sink.url);
      await request('POST', '/receivers', {
        name: 'Inside',
        slack: { url: `http://${host}:${port}/secret-path` },
      });
      const before = sink.requests.length;
      expect((await post('Inside')).body).toEqual({
        delivered: false,
        text: expect.stringContaining('is not a public address: set ALLOW_PRIVATE_RECEIVERS=true'),
      });
      expect(sink.requests).toHaveLength(before);
    },
  );
});

describe('GET /deliveries', () => {
  const ids = Array.from({ length: 7 }, () => v4()).sort();

  beforeAll(async () => {
    // Two share a time.
    const rows = ids.map((id, index) => {
      const state = index % 3 === 0 ? 'failed' : 'delivered';
      const second = Math.floor(index / 2);
      return [
        toSqlId(id),
        index < 4 ? 'a' : 'b',
        'Silent',
        'change',
        state,
        `2026-03-01 12:00:0${second}.000`,
      ];
    });
    await pool.query('INSERT INTO notifications (id, receiver, rule, kind, state, created_at) VALUES ?', [
      rows,
    ]);
  });

  async function find(query: string) {
    const { status, body } = await request('GET', `/deliveries${query}`);
    expect(status).toBe(200);
    return deliveriesPageSchema.parse(body);
  }

  test('pages from the newest to the oldest', async () => {
    const found: number[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await find(`?limit=2${cursor === '' ? '' : `&cursor=${cursor}`}`);
      found.push(...page.deliveries.map(({ id }) => ids.indexOf(id)));
      cursor = page.next_cursor;
    }
    expect(found).toEqual([6, 5, 4, 3, 2, 1, 0]);
  });

  test('has the newest message of each receiver, which GET /receivers shows', async () => {
    await request('POST', '/receivers', { name: 'a', slack });
    await request('POST', '/receivers', { name: 'c', slack });
    const latest = (await list()).map((receiver) => [receiver.name, receiver.latest?.id ?? null]);
    expect(latest).toEqual([
      ['Trusted', null],
      ['a', ids[3]],
      ['c', null],
    ]);
  });

  test.each([
    ['?receiver=a', [3, 2, 1, 0]],
    ['?state=failed', [6, 3, 0]],
    ['?receiver=b&state=failed&limit=1', [6]],
    ['?receiver=unknown', []],
  ])('finds by %s', async (query, expected) => {
    expect((await find(query)).deliveries.map(({ id }) => ids.indexOf(id))).toEqual(expected);
  });

  test.each([
    ['?limit=0', 'limit'],
    ['?limit=201', 'limit'],
    ['?state=lost', 'state'],
    ['?cursor=x', 'cursor'],
    ['?cursor=WzEsMl0', 'cursor'],
    ['?wrong=1', 'wrong'],
  ])('refuses %s', async (query, path) => {
    const { status, body } = await request('GET', `/deliveries${query}`);
    expect(status).toBe(400);
    expect(problemSchema.parse(body).errors).toMatchObject([{ path }]);
  });
});
