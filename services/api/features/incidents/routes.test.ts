import {
  type Incident,
  incidentFeedbackAnswerSchema,
  incidentSchema,
  incidentsPageSchema,
  problemSchema,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { v4, v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { runTransaction } from '../../storage/connection.ts';
import { createPool } from '../../storage/pool.ts';
import { storeReadings } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { resolveIncident } from './change-incident.ts';
import type { ToChangeStatements } from './incident-changes.ts';
import { type IncidentRecord, toCommentStatement, toIncidentStatements } from './incident-rows.ts';

const startMs = Date.parse('2026-03-01T12:00:00.000Z');
const minuteMs = 60_000;
const at = (minute: number) => new Date(startMs + minute * minuteMs).toISOString();

let database: TestDatabase;
let api: TestApi;
let pool: Pool;
let sensors: Map<string, number>;
let records: IncidentRecord[];

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 2, isWriting: true });
  await storeReadings(pool, ['attic', 'cellar'].flatMap(toReadings));
  const [rows] = await pool.query('SELECT id, name FROM sensors');
  sensors = new Map((rows as { id: number; name: string }[]).map(({ id, name }) => [name, id]));
  // Ten incidents, a minute apart. The first three fire, and the others lasted for 30 s.
  records = Array.from({ length: 10 }, (_, index) => createRecord(index));
  await runTransaction(pool, toIncidentStatements(records));
  // The evaluation would clear incidents without a rule: it runs elsewhere.
  await pool.query("UPDATE rule_evaluation SET expires_at = '2100-01-01', holder = x'00'");
  api = await startTestApi({ databaseUrl: database.url });
});

afterAll(async () => {
  await api.stop();
  await pool.end();
  await database.drop();
});

/** A reading every 10 s for ten minutes; each third one is an anomaly. */
function toReadings(sensor_id: string) {
  return Array.from({ length: 60 }, (_, index) => {
    const timestamp = new Date(startMs + index * 10_000).toISOString();
    const prediction = index % 3 === 0 ? (1 as const) : (0 as const);
    const features = { temperature: 20, humidity: 50, sound_volume: 40 };
    const reading = { id: v7(), sensor_id, timestamp, ...features, prediction, score: 0.5, model: 'test' };
    return { reading, receivedAt: timestamp };
  });
}

function createRecord(index: number): IncidentRecord {
  const openedMs = startMs + index * minuteMs;
  return {
    ...{ id: v4(), type: 1, sensor: sensors.get(index % 2 === 0 ? 'attic' : 'cellar') ?? 0 },
    ...{
      rule: index % 5 === 0 ? 'Silent' : 'Anomalies',
      ruleVersion: '0123456789abcdef',
      severity: 'warning',
    },
    ...{ labels: { team: 'roof' }, summary: `incident ${index}`, description: '' },
    ...{ startedMs: openedMs, openedMs, lastSeenMs: openedMs + 30_000, readings: 3, anomalies: 1 },
    ...{ clearedMs: index < 3 ? null : openedMs + 30_000, peakScore: 0.5, peakReadingId: null },
  };
}

async function list(query: string) {
  const answer = await api.get(`/incidents${query}`);
  expect(answer.status).toBe(200);
  return incidentsPageSchema.parse(await answer.json());
}

const numbersOf = (incidents: readonly Incident[]) =>
  incidents.map(({ summary }) => Number(summary.slice(9)));

async function post(path: string, body: unknown) {
  const answer = await fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}

describe('GET /incidents', () => {
  test('lists firing incidents first, then the newest, page by page', async () => {
    const found: number[] = [];
    let cursor: string | null = null;
    do {
      const page = await list(`?limit=4${cursor === null ? '' : `&cursor=${cursor}`}`);
      found.push(...numbersOf(page.incidents));
      expect(page.counts).toEqual({ firing: 3, unacknowledged: 3, short: 0 });
      cursor = page.next_cursor;
    } while (cursor !== null);
    expect(found).toEqual([2, 1, 0, 9, 8, 7, 6, 5, 4, 3]);
  });

  test.each([
    ['?state=firing', [2, 1, 0]],
    ['?state=cleared&limit=2', [9, 8]],
    ['?sensor_id=cellar', [1, 9, 7, 5, 3]],
    ['?sensor_id=cellar&sensor_id=unknown&state=firing', [1]],
    ['?sensor_id=unknown', []],
    ['?rule=Silent', [0, 5]],
    [`?from=${at(4.4)}&to=${at(7)}`, [2, 1, 0, 6, 5, 4]],
    [`?to=${at(1)}`, [0]],
  ])('finds by %s', async (query, expected) => {
    expect(numbersOf((await list(query)).incidents)).toEqual(expected);
  });

  test.each([
    ['?limit=0', 'limit'],
    ['?limit=201', 'limit'],
    ['?state=open', 'state'],
    ['?cursor=abc', 'cursor'],
    [`?from=${at(2)}&to=${at(1)}`, 'from'],
    ['?type=pump', 'type'],
    ['?color=red', 'color'],
  ])('refuses %s', async (query, path) => {
    const answer = await api.get(`/incidents${query}`);
    expect(answer.status).toBe(400);
    expect(problemSchema.parse(await answer.json()).errors.map((error) => error.path)).toEqual([path]);
  });
});

describe('an incident', () => {
  const idOf = (index: number) => records[index]?.id ?? '';

  test('is found by its id', async () => {
    const answer = await api.get(`/incidents/${idOf(3).toUpperCase()}`);
    const incident = incidentSchema.parse(await answer.json());
    expect(incident).toEqual({
      ...{ id: idOf(3), rule: 'Anomalies', type: 'climate', sensor_id: 'cellar', state: 'cleared' },
      ...{ severity: 'warning', labels: { team: 'roof' }, summary: 'incident 3', description: '' },
      ...{ started_at: at(3), opened_at: at(3), last_seen_at: at(3.5), cleared_at: at(3.5), readings: 3 },
      ...{ anomalies: 1, peak_score: 0.5, peak_reading_id: null, acknowledged: null, resolved: null },
      ...{ cause: null, comments: [], feedback: null },
    });
  });

  test('is acknowledged, and commented on', async () => {
    const acknowledged = await post(`/incidents/${idOf(2)}/ack`, { by: 'Ada', comment: 'on my way' });
    expect(acknowledged).toMatchObject({
      status: 200,
      body: { state: 'firing', acknowledged: { by: 'Ada', comment: 'on my way' } },
    });
    expect((await list('')).counts).toEqual({ firing: 3, unacknowledged: 2, short: 0 });
    await post(`/incidents/${idOf(2)}/comment`, { text: 'first' });
    const { body } = await post(`/incidents/${idOf(2)}/comment`, { by: 'Ada', text: 'second' });
    const { comments } = incidentSchema.parse(body);
    expect(comments.map(({ by, text }) => [by, text])).toEqual([
      ['anonymous', 'first'],
      ['Ada', 'second'],
    ]);
    expect((await list('?state=firing')).incidents[0]?.comments).toEqual(comments);
  });

  test('is resolved once', async () => {
    const { body } = await post(`/incidents/${idOf(1)}/resolve`, { by: 'Ada' });
    expect(body).toMatchObject({ state: 'cleared', cleared_at: null, resolved: { by: 'Ada' } });
    const again = await post(`/incidents/${idOf(1)}/resolve`, { by: 'Bob' });
    expect(again.body).toEqual(body);
    expect(numbersOf((await list('?state=firing')).incidents)).toEqual([2, 0]);
  });

  test('that a person resolves is a change, once', async () => {
    const options = { pool, id: idOf(0), at: new Date(startMs) };
    const toChangeStatements: ToChangeStatements = (changes) =>
      changes.map(({ id, state }) => toCommentStatement(id, { by: 'changes', text: state }, options.at));
    await resolveIncident(options, 'Ada', toChangeStatements);
    await resolveIncident(options, 'Ada', toChangeStatements);
    const answer = await api.get(`/incidents/${idOf(0)}`);
    expect(incidentSchema.parse(await answer.json()).comments.map(({ text }) => text)).toEqual(['cleared']);
  });

  test('keeps what people said when the evaluation writes it again', async () => {
    await runTransaction(pool, toIncidentStatements(records));
    const [incident] = (await list('?state=firing&limit=1')).incidents;
    expect(incident).toMatchObject({ id: idOf(2), acknowledged: { by: 'Ada' } });
    expect(incident?.comments).toHaveLength(2);
  });

  test('labels its anomalies', async () => {
    const { body } = await post(`/incidents/${idOf(4)}/feedback`, { label: 0 });
    // The readings at 0, 10, 20 and 30 s of the fifth minute: the first and the last one are anomalies.
    expect(incidentFeedbackAnswerSchema.parse(body)).toMatchObject({ labeled: 2, incident: { feedback: 0 } });
    const accuracy = await api.get(`/accuracy?from=${at(4)}&to=${at(4.6)}`);
    expect(await accuracy.json()).toMatchObject({ labeled: 2, confusion: { false_positive: 2 } });
    await post(`/incidents/${idOf(4)}/feedback`, { label: 1 });
    const changed = await api.get(`/accuracy?from=${at(4)}&to=${at(4.6)}`);
    expect(await changed.json()).toMatchObject({ labeled: 2, confusion: { true_positive: 2 } });
  });

  test.each([
    ['ack', { by: ' Ada' }, 'by'],
    ['ack', { who: 'Ada' }, 'who'],
    ['resolve', { by: 7 }, 'by'],
    ['comment', {}, 'text'],
    ['comment', { text: ' ' }, 'text'],
    ['feedback', { label: 2 }, 'label'],
    ['feedback', {}, 'label'],
  ])('refuses POST …/%s %j', async (action, given, path) => {
    const { status, body } = await post(`/incidents/${idOf(3)}/${action}`, given);
    expect(status).toBe(400);
    expect(problemSchema.parse(body).errors.map((error) => error.path)).toEqual([path]);
  });

  test.each([
    ['ack', {}],
    ['resolve', {}],
    ['comment', { text: 'hello' }],
    ['feedback', { label: 1 }],
  ])('answers 404 to POST …/%s for an unknown id', async (action, given) => {
    expect((await post(`/incidents/${v4()}/${action}`, given)).status).toBe(404);
    expect((await post(`/incidents/1/${action}`, given)).status).toBe(400);
  });

  test('answers 404 to GET for an unknown id, and 405 to other methods', async () => {
    expect((await api.get(`/incidents/${v4()}`)).status).toBe(404);
    expect((await api.get(`/incidents/${idOf(1)}/ack`)).status).toBe(405);
    expect((await fetch(`${api.url}/incidents`, { method: 'DELETE' })).status).toBe(405);
  });
});
