import {
  isSilenced,
  type Matcher,
  matcherSchema,
  silenceSchema,
  silencesSchema,
  toAlertLabels,
} from '@sensor-sentinel/contracts';
import { v4 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

const incident = { rule: 'Silent', type: 'climate', sensor_id: 'attic-7', severity: 'warning' } as const;
const labels = toAlertLabels({ ...incident, labels: { room: 'attic' } });
const createMatcher = (given: Partial<Matcher>) =>
  matcherSchema.parse({ name: 'sensor', value: '', ...given });

describe('isSilenced', () => {
  test.each<[Partial<Matcher>, boolean]>([
    [{ value: 'attic-7' }, true],
    [{ value: 'attic' }, false],
    [{ value: 'attic', isEqual: false }, true],
    [{ value: 'attic-.*', isRegex: true }, true],
    [{ value: 'tic', isRegex: true }, false],
    [{ value: 'cellar|attic-[0-9]+', isRegex: true }, true],
    [{ value: 'attic-.*', isRegex: true, isEqual: false }, false],
    [{ name: 'team', value: '' }, true],
    [{ name: 'room', value: 'attic' }, true],
    [{ name: 'alertname', value: 'Silent' }, true],
    [{ name: 'sensor_type', value: 'pump' }, false],
    [{ name: 'constructor', value: '' }, true],
  ])('%j: %j', (given, expected) => {
    const matchers = [createMatcher(given)];
    expect(isSilenced(labels, [{ matchers, state: 'active' }])).toBe(expected);
  });

  test('needs every matcher of an active silence', () => {
    const [one, other] = [createMatcher({ value: 'attic-7' }), createMatcher({ value: 'cellar' })];
    expect(isSilenced(labels, [{ matchers: [one, other], state: 'active' }])).toBe(false);
    expect(isSilenced(labels, [{ matchers: [one], state: 'pending' }])).toBe(false);
    expect(isSilenced(labels, [])).toBe(false);
  });
});

describe('matcherSchema', () => {
  test.each(['(a+)+', 'a*a*a*', '[', '(?=a)', 'a{2}{3}+*'])('refuses the regular expression %s', (value) => {
    expect(matcherSchema.safeParse({ name: 'sensor', value, isRegex: true }).success).toBe(false);
    expect(matcherSchema.safeParse({ name: 'sensor', value }).success).toBe(true);
  });
});

describe('/silences', () => {
  const nowMs = Date.parse('2026-03-01T12:00:00.000Z');
  const at = (hours: number) => new Date(nowMs + hours * 3_600_000).toISOString();
  const matchers = [{ name: 'sensor', value: 'attic' }];
  let database: TestDatabase;
  let api: TestApi;

  beforeAll(async () => {
    database = await createTestDatabase(inject('databaseAdminUrl'));
    api = await startTestApi({ databaseUrl: database.url, now: () => new Date(nowMs) });
  });

  afterAll(async () => {
    await api.stop();
    await database.drop();
  });

  const post = (body: unknown) =>
    fetch(`${api.url}/silences`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });

  test('stores, lists and ends silences', async () => {
    const first = await post({ matchers, ends_at: at(1), comment: 'painting', created_by: 'Ada' });
    expect(first.status).toBe(201);
    const silence = silenceSchema.parse(await first.json());
    expect(silence).toMatchObject({ starts_at: at(0), ends_at: at(1), state: 'active', created_by: 'Ada' });
    expect(silence.matchers).toEqual([{ name: 'sensor', value: 'attic', isRegex: false, isEqual: true }]);
    const second = await post({ matchers, starts_at: at(2), ends_at: at(3), comment: 'later' });
    const later = silenceSchema.parse(await second.json());
    expect(later.state).toBe('pending');
    for (let times = 0; times < 2; times++) {
      const ended = await fetch(`${api.url}/silences/${silence.id}`, { method: 'DELETE' });
      expect(ended.status).toBe(204);
    }
    const listed = silencesSchema.parse(await (await api.get('/silences')).json());
    expect(listed.silences).toEqual([later, { ...silence, ends_at: at(0), state: 'expired' }]);
  });

  test.each([
    [{ matchers: [], ends_at: at(1), comment: 'c' }, 'matchers'],
    [{ matchers, ends_at: at(-1), comment: 'c' }, 'ends_at'],
    [{ matchers, starts_at: at(2), ends_at: at(1), comment: 'c' }, 'starts_at'],
    [{ matchers, ends_at: at(1) }, 'comment'],
    [{ matchers: [{ name: 'a b', value: '' }], ends_at: at(1), comment: 'c' }, 'matchers[0].name'],
  ])('refuses %j', async (body, path) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ path }] });
  });

  test('answers 404 for an unknown id', async () => {
    expect((await fetch(`${api.url}/silences/${v4()}`, { method: 'DELETE' })).status).toBe(404);
  });
});
