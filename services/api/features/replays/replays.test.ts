import {
  type AckRequest,
  ackAnswerSchema,
  type LeaseRequest,
  leaseAnswerSchema,
  problemSchema,
  replaySchema,
  replaysSchema,
} from '@sensor-sentinel/contracts';
import mysql, { type Connection } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { gatherMs, leaseMs } from './leases.ts';
import { noOutcomes } from './outcomes.ts';

let database: TestDatabase;
let api: TestApi;
let admin: Connection;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  api = await startTestApi({ databaseUrl: database.url });
  admin = await mysql.createConnection(database.adminUrl);
});

afterAll(async () => {
  await api.stop();
  await admin.end();
  await database.drop();
});

const fingerprint = 'a'.repeat(64);

function send(method: string, path: string, body?: unknown): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${api.url}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

async function lease(name: string, request: Partial<LeaseRequest> = {}) {
  const body = { sender: 'a', file: { name: 'rows.csv', fingerprint }, loops: 1, rows: 100, ...request };
  const response = await send('POST', `/replays/${name}/lease`, body);
  expect(response.status).toBe(200);
  return leaseAnswerSchema.parse(await response.json());
}

async function leaseRows(name: string, request: Partial<LeaseRequest> = {}) {
  const answer = await lease(name, request);
  if (!answer.lease) throw new Error(`no lease: ${answer.state}`);
  return answer.lease;
}

type Ack = Omit<Partial<AckRequest>, 'outcomes'> & { outcomes?: Partial<AckRequest['outcomes']> };

function ack(name: string, leaseId: string, given: Ack = {}): Promise<Response> {
  const { outcomes, ...rest } = given;
  const body = { sender: 'a', lease_id: leaseId, done_rows: 0, ...rest };
  return send('POST', `/replays/${name}/ack`, { ...body, outcomes: { ...noOutcomes, ...outcomes } });
}

async function expectAck(name: string, leaseId: string, given: Ack = {}): Promise<void> {
  const response = await ack(name, leaseId, given);
  expect(await response.json()).toEqual(expect.objectContaining({ expires_in_ms: leaseMs }));
}

async function findReplay(name: string) {
  const response = await send('GET', `/replays/${name}`);
  expect(response.status).toBe(200);
  return replaySchema.parse(await response.json());
}

/** Ends the time of a lease. */
async function expire(leaseId: string): Promise<void> {
  const sql = 'UPDATE replay_chunks SET expires_at = NOW(3) - INTERVAL 1 SECOND WHERE lease_id = UNHEX(?)';
  await admin.query(sql, [leaseId.replaceAll('-', '')]);
}

async function expectFields(response: Response, paths: string[]): Promise<void> {
  expect(response.status).toBe(400);
  const { errors } = problemSchema.parse(await response.json());
  expect(errors.map(({ path }) => path)).toEqual(paths);
}

describe('the name replayed, before 0.3', () => {
  const { duplicates: _, ...others } = noOutcomes;

  function ackByOldName(leaseId: string, outcomes: object): Promise<Response> {
    const body = { sender: 'a', lease_id: leaseId, done_rows: 5, outcomes: { ...others, ...outcomes } };
    return send('POST', '/replays/old-sender/ack', body);
  }

  test('is accepted in an ack, and answered beside duplicates', async () => {
    const { id } = await leaseRows('old-sender');
    expect((await ackByOldName(id, { stored: 5, replayed: 2 })).status).toBe(200);
    const counts = { stored: 5, duplicates: 2, replayed: 2 };
    expect(await findReplay('old-sender')).toMatchObject({ ...counts, senders: [counts] });
    await expectFields(await ackByOldName(id, { stored: 5, replayed: '2' }), ['outcomes.duplicates']);
    await expectFields(await ackByOldName(id, { stored: 5, replayed: 2, duplicates: 2 }), [
      'outcomes.replayed',
    ]);
    await expectFields(await ackByOldName(id, { stored: 5 }), ['outcomes.duplicates']);
  });
});

describe('POST /replays/{name}/lease', () => {
  test('starts a replay and leases different rows to each sender', async () => {
    const first = await lease('begin');
    expect(first).toMatchObject({
      loops: 1,
      active_senders: 1,
      state: 'leased',
      lease: { loop: 0, first_row: 0, rows: 100, done_rows: 0, expires_in_ms: leaseMs },
    });
    const second = await lease('begin', { sender: 'b', rows: 30 });
    expect(second).toMatchObject({
      replay_id: first.replay_id,
      started_at: first.started_at,
      active_senders: 2,
      lease: { first_row: 100, rows: 30 },
    });
  });

  test('leases a released chunk again, with its done rows', async () => {
    const { id } = await leaseRows('left');
    await expectAck('left', id, { done_rows: 40, outcomes: { stored: 39, bad: 1 }, is_released: true });
    expect(await leaseRows('left', { sender: 'b', rows: 10 })).toMatchObject({
      first_row: 0,
      rows: 100,
      done_rows: 40,
    });
    expect(await findReplay('left')).toMatchObject({ done_rows: 40, stored: 39, bad: 1, taken_over: 0 });
  });

  test('leases the chunk of a silent sender to another one, and counts that', async () => {
    const { id } = await leaseRows('silent');
    await expectAck('silent', id, { done_rows: 7, outcomes: { stored: 5, dropped: 2, duplicates: 1 } });
    expect(await leaseRows('silent', { sender: 'b' })).toMatchObject({ first_row: 100 });
    await expire(id);
    const taken = await leaseRows('silent', { sender: 'b' });
    expect(taken).toMatchObject({ first_row: 0, rows: 100, done_rows: 7 });
    await expectAck('silent', taken.id, { sender: 'b', done_rows: 9, outcomes: { rejected: 2 } });
    const replay = await findReplay('silent');
    expect(replay).toMatchObject({
      done_rows: 9,
      stored: 5,
      dropped: 2,
      duplicates: 1,
      rejected: 2,
      taken_over: 1,
    });
    expect(replay.senders.map(({ sender, rows }) => [sender, rows]).sort()).toEqual([
      ['a', 7],
      ['b', 2],
    ]);
  });

  test('lets senders wait for the leases of others, then reports the replay as finished', async () => {
    const { id } = await leaseRows('wait', { rows: 10 });
    await expectAck('wait', id, { total_rows: 10 });
    const waiting = await lease('wait', { sender: 'b' });
    expect(waiting).toMatchObject({ state: 'waiting', lease: null });
    expect(waiting.retry_after_ms).toBeGreaterThan(0);
    await expectAck('wait', id, { done_rows: 10, outcomes: { stored: 10 }, total_rows: 10 });
    expect(await lease('wait', { sender: 'b' })).toMatchObject({ state: 'finished', lease: null });
    expect(await findReplay('wait')).toMatchObject({ state: 'finished', done_rows: 10, total_rows: 10 });
  });

  test('continues with the next loop, without end if loops is 0', async () => {
    const { id } = await leaseRows('loops', { loops: 0, rows: 1000 });
    await expectAck('loops', id, { done_rows: 3, outcomes: { stored: 3 }, total_rows: 3 });
    for (const loop of [1, 2, 3])
      expect(await leaseRows('loops', { loops: 0 })).toMatchObject({ loop, first_row: 0, rows: 3 });
    expect(await findReplay('loops')).toMatchObject({ loop: 3, state: 'running' });
  });

  test('is finished at once if the file has no rows', async () => {
    const { id } = await leaseRows('empty', { loops: 0 });
    await expectAck('empty', id, { total_rows: 0 });
    expect(await lease('empty', { loops: 0 })).toMatchObject({ state: 'finished' });
  });

  test.each([
    {
      what: 'another file',
      request: { file: { name: 'other.csv', fingerprint: 'b'.repeat(64) } },
      detail: 'other.csv',
    },
    { what: 'other loops', request: { loops: 2 }, detail: '1 loops, not 2' },
  ])('refuses $what for the same name', async ({ request, detail }) => {
    await lease('same');
    const body = { sender: 'b', file: { name: 'rows.csv', fingerprint }, loops: 1, rows: 1, ...request };
    const response = await send('POST', '/replays/same/lease', body);
    expect(response.status).toBe(409);
    const problem = problemSchema.parse(await response.json());
    expect(problem.type).toBe('urn:sensor-sentinel:problem:replay_mismatch');
    expect(problem.detail).toContain(detail);
    expect(problem.detail).toContain('DELETE /replays/same');
    await lease('same', { file: { name: '-', fingerprint: null } });
  });

  test('names each invalid field', async () => {
    const body = { sender: 'a b', file: { name: 'x', fingerprint: 'z' }, loops: -1, rows: 0, more: 1 };
    const fields = ['sender', 'file.fingerprint', 'loops', 'rows', 'more'];
    await expectFields(await send('POST', '/replays/x/lease', body), fields);
    await expectFields(await send('POST', '/replays/a%20b/lease', body), ['name']);
    expect((await send('GET', '/replays/x')).status).toBe(404);
  });
});

describe('rows that are shared evenly', () => {
  const even = { shares_evenly: true, total_rows: 2000, rows: 5000 };

  /** The senders of the replay have been known for a longer time. */
  async function age(name: string, ms: number): Promise<void> {
    const sql = `UPDATE replay_senders SET first_seen = first_seen - INTERVAL ? MICROSECOND
      WHERE replay_id = (SELECT id FROM replays WHERE name = ?)`;
    await admin.query(sql, [ms * 1000, name]);
  }

  async function gather(name: string, senders: readonly string[]): Promise<void> {
    for (const sender of senders)
      expect(await lease(name, { ...even, sender })).toMatchObject({ state: 'waiting' });
    await age(name, gatherMs);
  }

  test('are not leased until no sender has joined for a while', async () => {
    const alone = await lease('gather', even);
    expect(alone).toMatchObject({ state: 'waiting', lease: null, active_senders: 1 });
    expect(alone.retry_after_ms).toBeGreaterThan(0);
    expect(alone.retry_after_ms).toBeLessThanOrEqual(gatherMs);
    expect(await findReplay('gather')).toMatchObject({ state: 'running', total_rows: 2000, done_rows: 0 });
    await age('gather', gatherMs);
    expect(await lease('gather', { ...even, sender: 'b' })).toMatchObject({
      ...{ state: 'waiting', active_senders: 2 },
    });
    await age('gather', -60_000);
    expect(await lease('gather', even)).toMatchObject({ state: 'waiting' });
    await age('gather', 60_000 + gatherMs);
    expect(await lease('gather', even)).toMatchObject({ state: 'leased', retry_after_ms: 0 });
    expect(await lease('gather', { ...even, sender: 'late' })).toMatchObject({ state: 'leased' });
  });

  test('are leased in eighths of the part of each active sender', async () => {
    await gather('eighths', ['a', 'b', 'c', 'd']);
    expect(await leaseRows('eighths', even)).toMatchObject({ first_row: 0, rows: 62 });
    expect(await leaseRows('eighths', { ...even, rows: 10 })).toMatchObject({ first_row: 62, rows: 10 });
    await admin.query(
      "UPDATE replay_senders SET last_seen = last_seen - INTERVAL 11 SECOND WHERE sender <> 'a'",
    );
    expect(await leaseRows('eighths', even)).toMatchObject({ first_row: 72, rows: 250 });
  });

  test.each([
    { what: 'tiny', request: { total_rows: 3 }, rows: 1 },
    { what: 'large', request: { total_rows: 1_000_000 }, rows: 5000 },
    { what: 'repeated', request: { loops: 3 }, rows: 750 },
    { what: 'endless', request: { loops: 0 }, rows: 2000 },
    { what: 'uncounted', request: { total_rows: undefined }, rows: 5000 },
  ])('of a file that is $what, have leases of $rows rows for one sender', async ({ what, request, rows }) => {
    await lease(what, { ...even, ...request });
    await age(what, gatherMs);
    expect(await leaseRows(what, { ...even, ...request })).toMatchObject({ rows });
  });

  test('are continued without waiting', async () => {
    await gather('continued', ['a']);
    const { id } = await leaseRows('continued', even);
    await expectAck('continued', id, { is_released: true });
    expect(await leaseRows('continued', { ...even, sender: 'b' })).toMatchObject({ first_row: 0, rows: 250 });
    expect(await leaseRows('continued', { ...even, sender: 'b' })).toMatchObject({ first_row: 250 });
  });

  test('do not affect senders with a rate, which ask for neither', async () => {
    expect(await leaseRows('rate', { rows: 10 })).toMatchObject({ first_row: 0, rows: 10 });
    expect(await leaseRows('rate', { sender: 'b', rows: 5000 })).toMatchObject({ rows: 5000 });
    expect(await findReplay('rate')).toMatchObject({ total_rows: null });
  });

  test('are refused to a sender that has counted another number of rows', async () => {
    await lease('counted', even);
    const body = {
      sender: 'b',
      file: { name: 'rows.csv', fingerprint },
      loops: 1,
      ...even,
      total_rows: 1999,
    };
    const response = await send('POST', '/replays/counted/lease', body);
    expect(response.status).toBe(409);
    expect(problemSchema.parse(await response.json()).detail).toContain('has 2000 rows, not 1999');
    await expectFields(await send('POST', '/replays/counted/lease', { ...body, total_rows: 0 }), [
      'total_rows',
    ]);
  });
});

describe('POST /replays/{name}/ack', () => {
  test('may be retried, even if it ended the lease', async () => {
    const { id } = await leaseRows('again', { rows: 10 });
    for (const _ of [1, 2]) await expectAck('again', id, { done_rows: 4, outcomes: { stored: 4 } });
    for (const _ of [1, 2]) await expectAck('again', id, { done_rows: 10, outcomes: { stored: 10 } });
    expect(await findReplay('again')).toMatchObject({ done_rows: 10, stored: 10 });
  });

  test('keeps an expired lease that no other sender has taken over', async () => {
    const { id } = await leaseRows('late', { rows: 10 });
    await expire(id);
    await expectAck('late', id, { done_rows: 1, outcomes: { stored: 1 } });
    expect(await leaseRows('late', { sender: 'b' })).toMatchObject({ first_row: 10 });
  });

  test('is refused and counts nothing after another sender has taken over the lease', async () => {
    const { id } = await leaseRows('lost', { rows: 10 });
    await expire(id);
    await leaseRows('lost', { sender: 'b' });
    for (const name of ['lost', 'nothing']) {
      const response = await ack(name, id, { done_rows: 10, outcomes: { stored: 10 } });
      expect(response.status).toBe(409);
      const { type } = problemSchema.parse(await response.json());
      expect(type).toBe('urn:sensor-sentinel:problem:lease_lost');
    }
    expect(await findReplay('lost')).toMatchObject({ done_rows: 0, stored: 0 });
  });

  test('removes leased rows beyond the end of the file', async () => {
    const [inside, across, beyond] = await Promise.all(
      ['a', 'b', 'c'].map(async (sender) => ({ sender, ...(await leaseRows('cut', { sender, rows: 10 })) })),
    ).then((leases) => leases.sort((a, b) => a.first_row - b.first_row));
    if (!inside || !across || !beyond) throw new Error('expected three leases');
    const { sender } = across;
    await expectAck('cut', across.id, { sender, done_rows: 5, outcomes: { stored: 5 } });
    await expectAck('cut', beyond.id, { sender: beyond.sender, total_rows: 15, is_released: true });
    await expectAck('cut', across.id, { sender, done_rows: 5, outcomes: { stored: 5 }, total_rows: 15 });
    const counts = { done_rows: 10, outcomes: { stored: 10 } };
    await expectAck('cut', inside.id, { sender: inside.sender, ...counts });
    expect(await findReplay('cut')).toMatchObject({
      state: 'finished',
      total_rows: 15,
      done_rows: 15,
      stored: 15,
    });
  });

  test.each([
    {
      what: 'more rows than the lease has',
      given: { done_rows: 101, outcomes: { stored: 101 } },
      paths: ['done_rows'],
    },
    {
      what: 'counts that do not add up',
      given: { done_rows: 5, outcomes: { stored: 5, bad: 1 } },
      paths: ['outcomes'],
    },
    {
      what: 'counts below those of an earlier ack',
      given: { done_rows: 3, outcomes: { stored: 2, rejected: 1 } },
      paths: ['done_rows', 'outcomes.stored'],
    },
    {
      what: 'more duplicates than stored rows',
      given: { done_rows: 5, outcomes: { stored: 5, duplicates: 6 } },
      paths: ['outcomes.duplicates'],
    },
    {
      what: 'an end of the file before done rows',
      given: { done_rows: 5, outcomes: { stored: 5 }, total_rows: 4 },
      paths: ['total_rows'],
    },
    {
      what: 'a negative count',
      given: { done_rows: 5, outcomes: { stored: 6, bad: -1 } },
      paths: ['outcomes.bad'],
    },
  ])('refuses $what, and names the field', async ({ what, given, paths }) => {
    const name = what.replaceAll(' ', '-');
    const { id } = await leaseRows(name);
    await expectAck(name, id, { done_rows: 4, outcomes: { stored: 4 } });
    await expectFields(await ack(name, id, given), paths);
    expect(await findReplay(name)).toMatchObject({ done_rows: 4, stored: 4, total_rows: null });
  });

  test('refuses an end before rows that other senders have done, and a second, different end', async () => {
    const { id: first } = await leaseRows('ends', { rows: 10 });
    const { id: second } = await leaseRows('ends', { sender: 'b', rows: 10 });
    await expectAck('ends', second, { sender: 'b', done_rows: 10, outcomes: { stored: 10 } });
    await expectFields(await ack('ends', first, { total_rows: 15 }), ['total_rows']);
    await expectAck('ends', first, { total_rows: 20 });
    expect((await ack('ends', first, { total_rows: 21 })).status).toBe(409);
    expect(await findReplay('ends')).toMatchObject({ total_rows: 20, state: 'running' });
  });
});

describe('GET /replays', () => {
  test('lists the outcomes and load of each sender', async () => {
    const load = { offered_per_second: 200, accepted_per_second: 199.5, shed: 3, p50_ms: 2, p99_ms: null };
    const { id } = await leaseRows('load');
    await expectAck('load', id, { done_rows: 2, outcomes: { stored: 2, duplicates: 1 }, load });
    await expectAck('load', id, { done_rows: 3, outcomes: { stored: 2, duplicates: 1, dropped: 1 } });
    const { replays } = replaysSchema.parse(await (await send('GET', '/replays')).json());
    expect(replays[0]?.name).toBe('load');
    expect(replays[0]).toMatchObject({ file_name: 'rows.csv', state: 'running', loop: 0, finished_at: null });
    const counts = { stored: 2, rejected: 0, bad: 0, dropped: 1, duplicates: 1 };
    expect(replays[0]?.senders).toEqual([
      expect.objectContaining({ sender: 'a', state: 'active', rows: 3, ...counts, load }),
    ]);
  });

  test('merges the latencies of the senders, and gives the share of each', async () => {
    const report = (latencies: number[]) => ({
      ...{ offered_per_second: 90, accepted_per_second: 30, shed: 0, p50_ms: 1, p99_ms: 1, latencies },
    });
    const fast = await leaseRows('merged');
    const slow = await leaseRows('merged', { sender: 'b' });
    expect((await findReplay('merged')).senders.map(({ share }) => share)).toEqual([null, null]);
    const one = { done_rows: 1, outcomes: { stored: 1 } };
    await expectAck('merged', fast.id, { done_rows: 3, outcomes: { stored: 3 }, load: report([98]) });
    await expectAck('merged', slow.id, { ...one, sender: 'b', load: report([0, 0, 0, 0, 0, 0, 0, 0, 2]) });
    const { load, senders } = await findReplay('merged');
    expect(load).toMatchObject({ offered_per_second: 180, accepted_per_second: 60 });
    expect(load?.p50_ms).toBeCloseTo((0.1 * 50) / 98);
    expect(load?.p99_ms).toBeGreaterThan(0.18);
    expect(load?.p99_ms).toBeLessThan(0.2);
    expect(senders.map(({ sender, share }) => [sender, share]).toSorted()).toEqual([
      ['a', 0.75],
      ['b', 0.25],
    ]);
    expect(senders[0]?.load).not.toHaveProperty('latencies');
    await expectFields(await ack('merged', fast.id, { load: report(Array(203).fill(0)) }), [
      'load.latencies',
    ]);
  });

  test('reports a sender as gone after it was silent for the time of a lease', async () => {
    await lease('gone');
    await admin.query('UPDATE replay_senders SET last_seen = last_seen - INTERVAL 11 SECOND');
    const { state, senders } = await findReplay('gone');
    expect([state, senders[0]?.state]).toEqual(['idle', 'gone']);
    expect(await lease('gone', { sender: 'b' })).toMatchObject({ active_senders: 1 });
  });
});

describe('DELETE /replays/{name}', () => {
  test('deletes the replay; the next lease starts it again with a new id', async () => {
    const before = await lease('restarted');
    expect((await send('DELETE', '/replays/restarted')).status).toBe(204);
    expect((await send('GET', '/replays/restarted')).status).toBe(404);
    expect((await send('DELETE', '/replays/restarted')).status).toBe(404);
    expect((await ack('restarted', before.lease?.id ?? '')).status).toBe(409);
    const after = await lease('restarted', { loops: 3 });
    expect(after).toMatchObject({ loops: 3, lease: { first_row: 0 } });
    expect(after.replay_id).not.toBe(before.replay_id);
  });

  test('is refused for pages of other sites', async () => {
    await lease('kept');
    const headers = { 'sec-fetch-site': 'cross-site' };
    expect((await fetch(`${api.url}/replays/kept`, { method: 'DELETE', headers })).status).toBe(403);
    await findReplay('kept');
  });
});

test.each([
  ['POST', '/replays', 'GET, HEAD'],
  ['POST', '/replays/x', 'GET, HEAD, DELETE'],
  ['GET', '/replays/x/lease', 'POST'],
  ['PUT', '/replays/x/ack', 'POST'],
])('%s %s is not allowed', async (method, path, allowed) => {
  const response = await send(method, path);
  expect([response.status, response.headers.get('allow')]).toEqual([405, allowed]);
});

test('the answer to an ack contains the number of active senders', async () => {
  const { id } = await leaseRows('count');
  await lease('count', { sender: 'b' });
  const answer = ackAnswerSchema.parse(await (await ack('count', id)).json());
  expect(answer.active_senders).toBe(2);
});
