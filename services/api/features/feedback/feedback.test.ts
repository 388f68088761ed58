import {
  accuracySchema,
  feedbackAnswerSchema,
  feedbackListSchema,
  feedbackSchema,
  problemSchema,
} from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createAdminConnection } from '../../storage/admin-connection.ts';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import type { ClimateReading } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { fillReadings } from '../../testing/fill-readings.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { removeExpired } from '../statistics/retention/retention.ts';

const minuteMs = 60_000;
const start = Date.parse('2026-03-01T10:00:00.000Z');
/** Six hours of readings. The test with concurrent feedback uses all hours except the first. */
const times = Array.from({ length: 360 }, (_, index) => start + index * minuteMs);

let database: TestDatabase;
let apis: TestApi[];
let admin: Connection;
let readings: ClimateReading[];

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  readings = await fillReadings(database.url, times);
  admin = await createAdminConnection(database.adminUrl);
  apis = await Promise.all([1, 2].map(() => startTestApi({ databaseUrl: database.url })));
});

afterAll(async () => {
  await Promise.all(apis.map((api) => api.stop()));
  await admin.end();
  await database.drop();
});

function readingAt(index: number): ClimateReading {
  const reading = readings[index];
  if (!reading) throw new Error(`no reading ${index}`);
  return reading;
}

function post(body: unknown, replica = 0): Promise<Response> {
  const headers = { 'content-type': 'application/json' };
  return fetch(`${apis[replica]?.url}/feedback`, { method: 'POST', headers, body: JSON.stringify(body) });
}

async function get(path: string): Promise<Response> {
  return fetch(`${apis[0]?.url}${path}`);
}

function deleteFeedback(id: string, replica = 0): Promise<Response> {
  return fetch(`${apis[replica]?.url}/feedback/${id}`, { method: 'DELETE' });
}

async function listFeedback(ids: readonly string[]) {
  const response = await get(`/feedback?${ids.map((id) => `id=${id}`).join('&')}`);
  return feedbackListSchema.parse(await response.json()).feedback;
}

type Window = { from?: string; to?: string; sensor_id?: string };

async function findAccuracy(window: Window) {
  return accuracySchema.parse(await (await get(`/accuracy?${new URLSearchParams(window)}`)).json());
}

async function recount({ from, to, sensor_id = '' }: Window) {
  const [rows] = await admin.query<RowDataPacket[]>(
    `SELECT prediction, label, COUNT(*) AS count FROM feedback
      JOIN sensors ON sensors.id = sensor
      WHERE timestamp >= ? AND timestamp < ? AND ? IN ('', sensors.name) GROUP BY prediction, label`,
    [
      toSqlTimestamp(from ?? '1000-01-01T00:00:00.000'),
      toSqlTimestamp(to ?? '9999-01-01T00:00:00.000'),
      sensor_id,
    ],
  );
  const of = (prediction: number, label: number) =>
    rows.find((row) => row.prediction === prediction && row.label === label)?.count ?? 0;
  return {
    true_negative: of(0, 0),
    false_positive: of(1, 0),
    false_negative: of(0, 1),
    true_positive: of(1, 1),
  };
}

describe('POST /feedback', () => {
  test('stores feedback, and counts it by prediction', async () => {
    // Every fifth reading of the fixture has prediction 1, starting with the first.
    const { id } = readingAt(0);
    const response = await post({ id: id.toUpperCase(), label: 0 });
    expect([response.status, await response.json()]).toEqual([200, { accepted: 1, rejected: [] }]);
    const [feedback] = await listFeedback([id]);
    expect(feedback).toMatchObject({ id, label: 0, source: 'label' });
    const window = { from: new Date(start).toISOString(), to: new Date(start + 1).toISOString() };
    expect(await findAccuracy(window)).toMatchObject({
      ...window,
      labeled: 1,
      confusion: { false_positive: 1, true_positive: 0 },
      accuracy: 0,
      precision: 0,
      recall: null,
      f1: 0,
    });
  });

  test('changes nothing for repeated feedback, and updates the counts for changed feedback', async () => {
    const { id } = readingAt(5);
    const hour = { from: new Date(start).toISOString(), to: new Date(start + 60 * minuteMs).toISOString() };
    await post({ id, label: 0 });
    const [first] = await listFeedback([id]);
    const before = await findAccuracy(hour);
    await post({ id, label: 0 }, 1);
    expect(await listFeedback([id])).toEqual([first]);
    expect(await findAccuracy(hour)).toEqual(before);
    await post({ id, label: 1, source: 'person' }, 1);
    expect(await listFeedback([id])).toMatchObject([{ label: 1, source: 'person' }]);
    const { confusion, labeled } = await findAccuracy(hour);
    expect(labeled).toBe(before.labeled);
    expect(confusion.true_positive).toBe(before.confusion.true_positive + 1);
    expect(confusion.false_positive).toBe(before.confusion.false_positive - 1);
  });

  test('accepts the valid rows of an array, and the last of several with the same id', async () => {
    const { id } = readingAt(7);
    const unknown = v7();
    const rows = [{ id, label: 1 }, { id: unknown, label: 0 }, { id, label: 2 }, 'x', { id, label: 0 }];
    const answer = feedbackAnswerSchema.parse(await (await post(rows)).json());
    expect(answer.accepted).toBe(2);
    expect(answer.rejected.map(({ index, errors }) => [index, errors[0]?.path])).toEqual([
      [1, 'id'],
      [2, 'label'],
      [3, ''],
    ]);
    expect(answer.rejected[0]?.errors[0]?.message).toBe('no reading with this id is stored');
    expect(await listFeedback([id, unknown])).toMatchObject([{ id, label: 0 }]);
  });

  test.each([
    { body: { id: v7(), label: 1 }, paths: ['id'] },
    { body: { id: 'x', label: true, prediction: 1 }, paths: ['id', 'label', 'prediction'] },
    { body: [{ id: v7(), label: 1 }, { label: 0 }], paths: ['[0].id', '[1].id'] },
    { body: [], paths: [''] },
    { body: null, paths: [''] },
  ])('refuses $body', async ({ body, paths }) => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(problemSchema.parse(await response.json()).errors.map(({ path }) => path)).toEqual(paths);
  });

  test('accepts at most 1000 rows', async () => {
    const rows = Array.from({ length: 1001 }, (_, index) => ({ id: readingAt(index % 60).id, label: 1 }));
    expect((await post(rows)).status).toBe(413);
    expect(await (await post(rows.slice(1))).json()).toEqual({ accepted: 1000, rejected: [] });
  });

  test('keeps the counts exact under concurrent feedback', async () => {
    const any = fc.record({ index: fc.integer({ min: 60, max: 359 }), label: fc.constantFrom(0, 1) });
    const few = fc.record({ index: fc.integer({ min: 60, max: 70 }), label: fc.constantFrom(0, 1) });
    const batch = fc.array(fc.oneof(any, few), { minLength: 1, maxLength: 60 });
    const time = fc
      .tuple(fc.integer({ min: 0, max: 7 * 3600 }), fc.constantFrom(1, 60, 3600))
      .map(([seconds, step]) => new Date(start + Math.floor(seconds / step) * step * 1000).toISOString());
    const window = fc
      .record(
        { from: time, to: time, sensor_id: fc.constantFrom('attic', 'cellar', 'nobody') },
        { requiredKeys: [] },
      )
      .filter(({ from, to }) => from === undefined || to === undefined || from < to);
    await fc.assert(
      fc.asyncProperty(
        fc.array(batch, { minLength: 2, maxLength: 6 }),
        fc.array(window, { minLength: 1, maxLength: 6 }),
        async (batches, windows) => {
          const answers = batches.map((rows, index) =>
            post(
              rows.map(({ index: at, label }) => ({ id: readingAt(at).id, label })),
              index % 2,
            ),
          );
          for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200);
          for (const queried of [{}, ...windows])
            expect((await findAccuracy(queried)).confusion).toEqual(await recount(queried));
        },
      ),
      { numRuns: 12 },
    );
  });
});

describe('DELETE /feedback/{id}', () => {
  const hour = { from: new Date(start).toISOString(), to: new Date(start + 60 * minuteMs).toISOString() };

  test('deletes feedback and its counts once', async () => {
    const { id } = readingAt(11);
    await deleteFeedback(id);
    const before = await findAccuracy(hour);
    await post({ id, label: 1, source: 'person' });
    expect((await findAccuracy(hour)).labeled).toBe(before.labeled + 1);
    const answers = await Promise.all(
      [0, 1, 0, 1].map((replica) => deleteFeedback(id.toUpperCase(), replica)),
    );
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204, 204]);
    expect(await listFeedback([id])).toEqual([]);
    expect(await findAccuracy(hour)).toEqual(before);
  });

  test('keeps the counts exact under concurrent feedback and deletions', async () => {
    const ids = [12, 13].map((index) => readingAt(index).id);
    const requests = Array.from({ length: 24 }, (_, turn) => {
      const id = ids[turn % 2] ?? '';
      return turn % 3 === 0
        ? deleteFeedback(id, turn % 2)
        : post({ id, label: turn % 4 === 1 ? 1 : 0 }, (turn + 1) % 2);
    });
    expect(new Set((await Promise.all(requests)).map(({ ok }) => ok))).toEqual(new Set([true]));
    expect((await findAccuracy(hour)).confusion).toEqual(await recount(hour));
  });

  test('keeps feedback from another source than the given one', async () => {
    const { id } = readingAt(14);
    await post({ id, label: 1 });
    expect((await deleteFeedback(`${id}?source=person`)).status).toBe(204);
    expect(await listFeedback([id])).toMatchObject([{ label: 1, source: 'label' }]);
    expect((await deleteFeedback(`${id}?source=label`)).status).toBe(204);
    expect(await listFeedback([id])).toEqual([]);
  });

  test('refuses an invalid id and an unknown source', async () => {
    expect((await deleteFeedback('x')).status).toBe(400);
    expect((await deleteFeedback(`${readingAt(14).id}?source=rumor`)).status).toBe(400);
  });
});

describe('GET /feedback', () => {
  test('lists the feedback on the given readings', async () => {
    const ids = [readingAt(0).id, readingAt(1).id, v7()];
    await post(ids.slice(0, 2).map((id) => ({ id, label: 1 })));
    expect((await listFeedback(ids)).map(({ id }) => id)).toEqual(ids.slice(0, 2).toSorted());
    expect(await listFeedback(ids.slice(2))).toEqual([]);
  });

  test.each([
    '/feedback',
    '/feedback?id=x',
    '/feedback?id=',
    `/feedback?id=${v7()}&limit=1`,
    '/accuracy?from=x',
    '/accuracy?id=1',
  ])('refuses %s', async (path) => {
    expect((await get(path)).status).toBe(400);
  });

  test('has a column for every field', async () => {
    const [rows] = await admin.query<RowDataPacket[]>(
      "SELECT column_name AS name FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = 'feedback'",
    );
    const expected = [...Object.keys(feedbackSchema.shape), 'type', 'sensor', 'timestamp', 'prediction'];
    expect(rows.map(({ name }) => String(name)).toSorted()).toEqual(expected.toSorted());
  });
});

describe('the names before 0.3', () => {
  const headers = { 'content-type': 'application/json' };
  const oldUrl = (path = '') => `${apis[0]?.url}/truth${path}`;

  test('POST /truth accepts the source verdict', async () => {
    const { id } = readingAt(20);
    const body = JSON.stringify([{ id, label: 1, source: 'verdict' }]);
    const response = await fetch(oldUrl(), { method: 'POST', headers, body });
    expect([response.status, await response.json()]).toEqual([200, { accepted: 1, rejected: [] }]);
    expect(await listFeedback([id])).toMatchObject([{ id, label: 1, source: 'person' }]);
  });

  test('GET /truth has the old names beside the new ones', async () => {
    const [person, label] = [readingAt(20).id, readingAt(21).id];
    await post([
      { id: person, label: 1, source: 'person' },
      { id: label, label: 0 },
    ]);
    const answer = feedbackListSchema.parse(await (await fetch(oldUrl(`?id=${person}&id=${label}`))).json());
    const sourceOf = (feedback: readonly { id: string; source: string }[] | undefined, id: string) =>
      feedback?.find((given) => given.id === id)?.source;
    expect([sourceOf(answer.truths, person), sourceOf(answer.truths, label)]).toEqual(['verdict', 'label']);
    expect([sourceOf(answer.feedback, person), sourceOf(answer.feedback, label)]).toEqual([
      'person',
      'label',
    ]);
  });

  test('DELETE /truth/{id} deletes verdicts', async () => {
    const { id } = readingAt(22);
    await post({ id, label: 1, source: 'person' });
    expect((await fetch(oldUrl(`/${id}?source=label`), { method: 'DELETE' })).status).toBe(204);
    expect(await listFeedback([id])).toHaveLength(1);
    expect((await fetch(oldUrl(`/${id}?source=verdict`), { method: 'DELETE' })).status).toBe(204);
    expect(await listFeedback([id])).toEqual([]);
  });

  test('GET /accuracy has the number of labeled readings as labelled', async () => {
    const { labeled, labelled } = await findAccuracy({});
    expect(labelled).toBe(labeled);
  });
});

describe('retention', () => {
  test('removes feedback with its readings, and keeps the counts of remaining hours', async () => {
    await post(readings.map(({ id }, index) => ({ id, label: index % 2 })));
    const before = await findAccuracy({});
    const limits = {
      RETENTION_RAW: 2 * 60 * minuteMs,
      RETENTION_MINUTE: undefined,
      RETENTION_HOUR: undefined,
    };
    const removing = { now: new Date(start + 5 * 60 * minuteMs), stepRows: 50, pause: async () => undefined };
    const removed = await removeExpired(admin, { ...removing, limits });
    expect(removed).toMatchObject({ readings: 180, feedback: 180, feedback_hour: 0 });
    expect(await findAccuracy({})).toEqual(before);
    const [from, to] = [30, 90].map((minutes) => new Date(start + minutes * minuteMs).toISOString());
    expect(await findAccuracy({ from, to } as Window)).toMatchObject({
      labeled: 120,
      counted: { from: new Date(start).toISOString(), to: new Date(start + 120 * minuteMs).toISOString() },
    });
    expect((await post({ id: readingAt(0).id, label: 1 })).status).toBe(400);
    const all = {
      RETENTION_RAW: limits.RETENTION_RAW,
      RETENTION_MINUTE: limits.RETENTION_RAW,
      RETENTION_HOUR: limits.RETENTION_RAW,
    };
    expect(await removeExpired(admin, { ...removing, limits: all })).toMatchObject({
      feedback: 0,
    });
    expect(await findAccuracy({})).toMatchObject({ labeled: 180 });
  });
});

test.each([
  ['PUT', '/feedback', 'GET, HEAD, POST'],
  ['PUT', '/truth', 'GET, HEAD, POST'],
  ['POST', '/accuracy', 'GET, HEAD'],
])('%s %s is not allowed', async (method, path, allowed) => {
  const response = await fetch(`${apis[0]?.url}${path}`, { method });
  expect([response.status, response.headers.get('allow')]).toEqual([405, allowed]);
});
