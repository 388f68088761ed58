import {
  problemSchema,
  type RulePreview,
  rulePreviewLineSchema,
  rulePreviewSchema,
} from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { change } from '../../storage/connection.ts';
import { createPool } from '../../storage/pool.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { storeStream } from '../../testing/store-stream.ts';

const dayMs = 86_400_000;
const nowMs = Date.parse('2026-03-20T00:00:00.000Z');
let database: TestDatabase;
let pool: Pool;
let api: TestApi;
/** With a window of more than ten readings, it evaluates readings while it reads them. */
let streaming: TestApi;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 4, isWriting: true });
  const start = (config = {}) =>
    startTestApi({ databaseUrl: database.url, now: () => new Date(nowMs), config });
  api = await start({ maxPreviewReadings: 500 });
  streaming = await start({ maxKeptPreviewReadings: 10 });
});

afterAll(async () => {
  await Promise.all([api.stop(), streaming.stop()]);
  await pool.end();
  await database.drop();
});

interface Asked {
  rule?: object;
  [field: string]: unknown;
}

const twoInARow = { kind: 'anomalies_in_a_row', count: 2 } as const;

function ask(
  { rule, ...rest }: Asked,
  { of = api, accept = '*/*', signal = new AbortController().signal } = {},
) {
  return fetch(`${of.url}/rules/preview`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept },
    body: JSON.stringify({ rule: { name: 'Tried', condition: twoInARow, ...rule }, ...rest }),
    signal,
  });
}

async function preview(asked: Asked, of = api): Promise<RulePreview> {
  return rulePreviewSchema.parse(await (await ask(asked, { of })).json());
}

/** Each test has a day of its own. */
function dayOf(day: number) {
  const fromMs = nowMs - (day + 1) * dayMs;
  const at = (second: number) => new Date(fromMs + second * 1000).toISOString();
  return { fromMs, at, window: { from: at(0), to: at(86_400) } };
}

describe('POST /rules/preview', () => {
  test('answers the incidents that the rule would have raised, the newest first', async () => {
    const { fromMs, at } = dayOf(0);
    await storeStream(pool, '0110111', { sensor: 'attic', firstMs: fromMs + 10_000 });
    const expected = {
      rule: { name: 'Tried', sensors: '*', condition: twoInARow, for: '0s', keep_firing_for: '0s' },
      from: at(0),
      to: at(86_400),
      readings: 7,
      incidents: [
        {
          sensor_id: 'attic',
          started_at: at(15),
          opened_at: at(15),
          cleared_at: null,
          readings: 2,
          anomalies: 2,
          peak_score: 0.9,
        },
        { started_at: at(12), opened_at: at(12), cleared_at: at(13), readings: 1, anomalies: 1 },
      ],
      incidents_truncated: false,
      counts: { incidents: 2, per_day: 2, sensors: 1 },
      median_length_s: (1 + 86_400 - 15) / 2,
      median_delay_s: 0,
      feedback: null,
    };
    expect(await preview({})).toMatchObject(expected); // the window is the last day
  });

  test('waits as long as the rule says', async () => {
    const { fromMs, at, window } = dayOf(1);
    await storeStream(pool, '0111110000', { sensor: 'attic', firstMs: fromMs });
    const { incidents, median_delay_s, median_length_s } = await preview({
      ...window,
      rule: { for: '2s', keep_firing_for: '3s' },
    });
    expect(incidents).toMatchObject([{ started_at: at(2), opened_at: at(4), cleared_at: at(9) }]);
    expect([median_delay_s, median_length_s]).toEqual([2, 7]);
  });

  test('evaluates the sensors to which the rule applies, each by itself', async () => {
    const { fromMs, window } = dayOf(2);
    for (const [place, sensor] of ['room-1', 'room-2', 'hall', 'room-3'].entries())
      await storeStream(pool, place === 3 ? '01010' : '01100', { sensor, firstMs: fromMs });
    const sensorsOf = async (asked: Asked, of = api) => {
      const { incidents, counts, readings } = await preview({ ...window, ...asked }, of);
      expect(counts.sensors).toBe(incidents.length);
      return [readings, ...incidents.map(({ sensor_id }) => sensor_id)];
    };
    for (const of of [api, streaming]) {
      expect(await sensorsOf({}, of)).toEqual([20, 'room-1', 'room-2', 'hall']);
      expect(await sensorsOf({ rule: { sensors: 'room-?' } }, of)).toEqual([15, 'room-1', 'room-2']);
      const some = { sensor_id: ['hall', 'room-2', 'room-3', 'unknown'] };
      expect(await sensorsOf(some, of)).toEqual([15, 'room-2', 'hall']);
      expect(await sensorsOf({ ...some, rule: { sensors: 'h*' } }, of)).toEqual([5, 'hall']);
      expect(await sensorsOf({ rule: { sensors: 'none' } }, of)).toEqual([0]);
    }
  });

  test('finds the sensors of a rule among many', async () => {
    const { fromMs, window } = dayOf(3);
    for (let sensor = 0; sensor < 25; sensor++)
      await storeStream(pool, '11', { sensor: sensor < 22 ? `m-${sensor}` : `n-${sensor}`, firstMs: fromMs });
    const { readings, counts } = await preview({ ...window, rule: { sensors: 'm-*' } });
    expect([readings, counts.sensors]).toEqual([44, 22]);
  });

  test('evaluates backfilled readings as if they had arrived at their timestamps', async () => {
    const { fromMs, at, window } = dayOf(4);
    await storeStream(pool, '0111110', { sensor: 'attic', firstMs: fromMs, receivedMs: nowMs });
    const { incidents } = await preview({ ...window, rule: { for: '3s' } });
    expect(incidents).toMatchObject([{ started_at: at(2), opened_at: at(5), cleared_at: at(6) }]);
    const skewed = await preview({ ...window, rule: { condition: { kind: 'clock_skew', above: '1h' } } });
    const atArrival = { started_at: new Date(nowMs).toISOString(), readings: 7, cleared_at: null };
    expect(skewed).toMatchObject({ incidents: [atArrival], median_length_s: 0 });
  });

  test('evaluates readings in the order of arrival, not of time', async () => {
    const { fromMs, window } = dayOf(5);
    // In the order of time, these would be three anomalies in a row.
    for (const [digit, second] of [
      ['1', 3],
      ['0', 1],
      ['1', 2],
      ['0', 5],
      ['1', 4],
    ] as const)
      await storeStream(pool, digit, { sensor: 'attic', firstMs: fromMs + second * 1000 });
    for (const of of [api, streaming]) {
      const { counts, readings } = await preview({ ...window, rule: { condition: twoInARow } }, of);
      expect([readings, counts.incidents]).toEqual([5, 0]);
    }
  });

  test('finds silence up to the end of the window', async () => {
    const { fromMs, at, window } = dayOf(6);
    await storeStream(pool, '000', { sensor: 'attic', firstMs: fromMs });
    await storeStream(pool, '0', { sensor: 'attic', firstMs: fromMs + 200_000 });
    const { incidents } = await preview({
      from: window.from,
      to: at(250),
      rule: { condition: { kind: 'silent', after: '60s' } },
    });
    expect(incidents).toMatchObject([{ opened_at: at(62), cleared_at: at(200) }]);
  });

  test('evaluates one feature, whose value may be missing', async () => {
    const { at, window } = dayOf(7);
    const type = { name: 'tank', features: [{ name: 'level', max: 90 }, { name: 'flow' }] };
    const headers = { 'content-type': 'application/json' };
    await fetch(`${api.url}/types`, { method: 'POST', headers, body: JSON.stringify(type) });
    const flows = [1, 9, null, 9, null, 1, null];
    const posted = await api.post(
      flows.map((flow, second) => ({
        type: 'tank',
        sensor_id: 't',
        timestamp: at(second),
        level: flow === null ? 80 : null,
        flow,
      })),
    );
    expect(posted.status).toBe(200);
    const condition = { kind: 'feature', feature: 'flow', above: 5 } as const;
    const { incidents, readings } = await preview({ ...window, rule: { type: 'tank', condition } });
    expect(readings).toBe(7);
    expect(incidents).toEqual([
      {
        sensor_id: 't',
        started_at: at(1),
        opened_at: at(1),
        cleared_at: at(5),
        readings: 4,
        anomalies: 0,
        peak_score: null,
      },
    ]);
    const level = { kind: 'feature', feature: 'level', outside_limits: true } as const;
    const missing = await preview({ ...window, rule: { type: 'tank', condition: level } });
    expect(missing).toMatchObject({
      readings: 7,
      incidents: [],
      median_length_s: null,
      median_delay_s: null,
    });
  });

  test('compares incidents with feedback', async () => {
    const { fromMs, window } = dayOf(8);
    const readings = await storeStream(pool, '011001101100', { sensor: 'attic', firstMs: fromMs });
    // Incidents begin at readings 2, 6 and 9. The first is real, the second a false alarm, of the third nothing is known.
    const label = (labels: [place: number, label: 0 | 1][]) =>
      fetch(`${api.url}/feedback`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(labels.map(([place, one]) => ({ id: readings[place]?.id, label: one }))),
      });
    const posted = await label([
      [0, 0],
      [1, 1],
      [2, 1],
      [6, 0],
      [11, 1],
    ]);
    expect(posted.status).toBe(200);
    for (const of of [api, streaming]) {
      const { counts, feedback } = await preview(window, of);
      expect(counts.incidents).toBe(3);
      expect(feedback).toEqual({ labeled: 5, precision: 1 / 2, recall: 1 / 3 });
    }
    expect((await label([[9, 1]])).status).toBe(200);
    expect((await preview(window)).feedback).toEqual({ labeled: 6, precision: 2 / 3, recall: 2 / 4 });
  });

  test('says why a rule about rejected readings has no preview', async () => {
    const condition = { kind: 'rejected', window: '5m', raise: 0.5 } as const;
    const answer = await preview({ rule: { condition } });
    expect(answer).toMatchObject({ readings: 0, incidents: [], counts: { incidents: 0 } });
    expect(answer.unsupported).toContain('not stored');
  });

  test('answers a window without readings', async () => {
    const { window } = dayOf(9);
    expect(await preview(window)).toMatchObject({ readings: 0, incidents: [], feedback: null });
  });

  test('leaves out what retention has removed', async () => {
    const { fromMs, at, window } = dayOf(200);
    await storeStream(pool, '0110', { sensor: 'attic', firstMs: fromMs + 7_200_000 });
    const admin = createPool({ databaseUrl: database.adminUrl, connections: 1 });
    const setHorizon = (time: string | null) =>
      change(admin, { sql: 'UPDATE retention_horizons SET readings_before = ?', values: [time] });
    await setHorizon(at(3600).slice(0, 19).replace('T', ' '));
    const [partly, removed] = [await preview(window), await preview({ from: at(-7200), to: at(0) })];
    await setHorizon(null);
    await admin.end();
    expect(partly).toMatchObject({ ...window, counted: { from: at(3600), to: window.to }, readings: 4 });
    expect(removed.readings).toBe(0);
  });
});

describe('invalid requests of POST /rules/preview', () => {
  const errorsOf = async (answer: Response) => {
    expect(answer.status).toBe(400);
    return problemSchema.parse(await answer.json()).errors;
  };

  test('names the features of the type', async () => {
    const condition = { kind: 'stuck', feature: 'pressure', duration: '1m' } as const;
    const [error] = await errorsOf(await ask({ rule: { condition } }));
    expect(error?.path).toBe('rule.condition.feature');
    expect(error?.message).toContain('temperature, humidity, sound_volume');
  });

  test('gives the number of readings beyond the limit', async () => {
    const { fromMs, window } = dayOf(10);
    await storeStream(pool, '0'.repeat(501), { sensor: 'attic', firstMs: fromMs });
    const [error] = await errorsOf(await ask(window));
    expect(error?.message).toContain('501 readings');
    expect((await preview({ ...window, to: new Date(fromMs + 500_000).toISOString() })).readings).toBe(500);
  });

  test.each([
    ['an empty window', { from: '2026-03-20T01:00:00Z' }, 'from'],
    ['a window that is reversed', { from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }, 'from'],
    ['an unknown type', { rule: { type: 'unknown' } }, 'type'],
    ['an unknown field', { rule: { every: '1m' } }, 'rule.every'],
  ])('refuses %s', async (_what, asked, path) => {
    expect((await errorsOf(await ask(asked)))[0]?.path).toBe(path);
  });

  test('answers other methods with 405', async () => {
    expect((await api.get('/rules/preview')).status).toBe(405);
  });
});

describe('POST /rules/preview as NDJSON', () => {
  const accept = 'application/x-ndjson';

  test.each([
    ['read into memory', () => api],
    ['evaluated while they are read', () => streaming],
  ])('ends with the preview of readings that are %s', async (_how, toApi) => {
    const { window } = dayOf(2);
    const answer = await ask({ ...window, rule: { for: '1s' } }, { of: toApi(), accept });
    expect(answer.headers.get('content-type')).toContain(accept);
    const lines = (await answer.text()).trim().split('\n');
    const parsed = lines.map((line) => rulePreviewLineSchema.parse(JSON.parse(line)));
    expect(parsed.at(-1)).toEqual(await preview({ ...window, rule: { for: '1s' } }));
  });

  test('answers an invalid request with its own status', async () => {
    const condition = { kind: 'stuck', feature: 'pressure', duration: '1m' } as const;
    const answer = await ask({ rule: { condition } }, { accept });
    expect(answer.status).toBe(400);
    expect(answer.headers.get('content-type')).toContain('application/problem+json');
  });
});
