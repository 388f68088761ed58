import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  incidentsPageSchema,
  listedRuleSchema,
  type RuleInput,
  rulesAnswerSchema,
} from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from 'vitest';
import { selectRows } from '../../storage/connection.ts';
import { createPool } from '../../storage/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

let database: TestDatabase;
let api: TestApi;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  api = await startTestApi({ databaseUrl: database.url });
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

const rule: RuleInput = { name: 'Row / 1', condition: { kind: 'anomalies_in_a_row', count: 2 } };
const path = `/rules/${encodeURIComponent(rule.name)}`;

function send(method: string, target: string, body?: unknown) {
  return fetch(`${api.url}${target}`, {
    method,
    headers: { 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
}

async function list() {
  return rulesAnswerSchema.parse(await (await api.get('/rules')).json());
}

describe('/rules', () => {
  test('lists the default rule where there is no other', async () => {
    const { rules, faults } = await list();
    expect(rules).toMatchObject([
      { name: 'Anomalies', type: 'climate', origin: 'default', changed_at: null, states: [], counts: {} },
    ]);
    expect(faults).toEqual([]);
  });

  test('adds, replaces and deletes a rule', async () => {
    const added = await send('POST', '/rules', rule);
    expect(added.status).toBe(201);
    expect(listedRuleSchema.parse(await added.json())).toMatchObject({ origin: 'person', for: '0s' });
    expect((await send('POST', '/rules', rule)).status).toBe(409);
    expect((await list()).rules.map(({ name }) => name)).toEqual([rule.name]);
    const { name: _, ...unnamed } = { ...rule, for: '5m' };
    const replaced = await send('PUT', path, unnamed);
    expect(replaced.status).toBe(200);
    expect((await list()).rules).toMatchObject([{ name: rule.name, for: '5m' }]);
    expect((await send('DELETE', path)).status).toBe(204);
    expect((await send('DELETE', path)).status).toBe(404);
    expect((await list()).rules).toMatchObject([{ origin: 'default' }]);
    expect((await send('PUT', path, rule)).status).toBe(201);
    expect((await send('DELETE', path)).status).toBe(204);
  });

  test.each<[unknown, string]>([
    [{ ...rule, for: '5 minutes' }, 'for'],
    [{ ...rule, type: 'pump' }, 'type'],
    [{ ...rule, condition: { kind: 'feature', feature: 'speed', above: 1 } }, 'condition.feature'],
    [{ ...rule, annotations: { summary: '{{ sensr }}' } }, 'annotations.summary'],
    [{ ...rule, extra: 1 }, 'extra'],
  ])('refuses %j', async (body, field) => {
    const answer = await send('POST', '/rules', body);
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ errors: [{ path: field }] });
  });

  test('refuses another name than that of the path', async () => {
    const answer = await send('PUT', '/rules/Other', rule);
    expect(await answer.json()).toMatchObject({ status: 400, errors: [{ path: 'name' }] });
  });

  test('evaluates a new rule, and shows where it fires', async () => {
    const anomaly = { temperature: 19.5, humidity: 41, sound_volume: 99, sensor_id: 'attic' };
    await send('POST', '/rules', rule);
    const isFiring = async () => {
      expect((await api.post([anomaly, anomaly])).status).toBe(200);
      const { rules } = await list();
      expect(rules).toMatchObject([
        { counts: { firing: 1 }, states: [{ sensor_id: 'attic', state: 'firing' }] },
      ]);
    };
    await vi.waitFor(isFiring, { timeout: 20_000, interval: 200 });
    expect(await (await api.get('/incidents?state=firing')).json()).toMatchObject({
      incidents: [{ rule: rule.name, sensor_id: 'attic', summary: `attic: ${rule.name}` }],
      counts: { firing: 1, unacknowledged: 1 },
    });
  });
});

describe('a rule of the file', () => {
  test('is listed with its faults, and cannot be changed over HTTP', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const file = join(folder, 'rules.yaml');
    const text = `rules: [{ name: Row / 1, condition: { kind: anomalies_in_a_row, count: 9 } }]`;
    writeFileSync(file, text);
    const withFile = await startTestApi({ databaseUrl: database.url, settings: { RULES_FILE: file } });
    onTestFinished(() => withFile.stop());
    const listRules = async () => rulesAnswerSchema.parse(await (await withFile.get('/rules')).json());
    const expected = { name: rule.name, origin: 'file', condition: { count: 9 } };
    expect(await listRules()).toMatchObject({ rules: [expected], faults: [] });
    const answer = await fetch(withFile.url + path, { method: 'DELETE' });
    expect(await answer.json()).toMatchObject({ status: 409, title: 'Rule cannot be changed over HTTP' });
    writeFileSync(file, `${text.slice(0, -1)}, { name: Other }]`);
    const hasFault = async () =>
      expect(await listRules()).toMatchObject({
        rules: [expected],
        faults: [{ line: 1, path: 'rules[1].condition' }],
      });
    await vi.waitFor(hasFault, { timeout: 20_000, interval: 100 });
  });
});

describe('a start with a faulty rules file', () => {
  test('leaves incidents as they are until the file is corrected', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'rules-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const other = await createTestDatabase(inject('databaseAdminUrl'));
    onTestFinished(() => other.drop());
    const pool = createPool({ databaseUrl: other.url, connections: 1 });
    onTestFinished(() => pool.end());
    const findFence = async () =>
      (await selectRows<{ fence: number }>(pool, { sql: 'SELECT fence FROM rule_evaluation' }))[0]?.fence ??
      0;
    const file = join(folder, 'rules.yaml');
    const text = 'rules: [{ name: One, condition: { kind: anomalies_in_a_row, count: 1 } }]';
    writeFileSync(file, text);
    const options = { databaseUrl: other.url, settings: { RULES_FILE: file } };
    const listFiring = async ({ get }: TestApi) =>
      incidentsPageSchema.parse(await (await get('/incidents?state=firing')).json()).incidents;

    const first = await startTestApi(options);
    const anomaly = { temperature: 19.5, humidity: 41, sound_volume: 99 };
    const fires = async () => {
      await first.post([anomaly]);
      expect(await listFiring(first)).toHaveLength(1);
    };
    await vi.waitFor(fires, { timeout: 20_000, interval: 200 });
    const [incident] = await listFiring(first);
    await first.stop();

    writeFileSync(file, `${text}, nonsense`);
    const second = await startTestApi(options);
    onTestFinished(() => second.stop());
    const fence = await findFence();
    // It has tried to evaluate at least once, and begins again.
    const hasTried = async () => expect(await findFence()).toBeGreaterThanOrEqual(fence + 2);
    await vi.waitFor(hasTried, { timeout: 20_000, interval: 100 });
    expect(await listFiring(second)).toMatchObject([{ id: incident?.id }]);
    writeFileSync(file, text);
    const goesOn = async () => {
      const answer = await (await second.get('/rules')).json();
      expect(answer).toMatchObject({ faults: [], rules: [{ name: 'One', counts: { firing: 1 } }] });
    };
    await vi.waitFor(goesOn, { timeout: 20_000, interval: 100 });
    expect(await listFiring(second)).toMatchObject([{ id: incident?.id, opened_at: incident?.opened_at }]);
  });
});
