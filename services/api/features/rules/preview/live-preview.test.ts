import { type RuleInput, type RulePreview, rulePreviewSchema, ruleSchema } from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import type { Pool } from 'mysql2/promise';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import { selectRows } from '../../../storage/connection.ts';
import { createPool } from '../../../storage/pool.ts';
import { fromSqlTimestamp } from '../../../storage/sql-values.ts';
import { climate } from '../../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../../testing/start-test-api.ts';
import { parseValues } from '../../readings/reading-row.ts';
import { createEvaluator } from '../evaluator.ts';

const maxClockSkewMs = 300_000;
let nowMs = Date.parse('2026-03-01T00:00:00.000Z');
let database: TestDatabase;
let pool: Pool;
let apis: TestApi[];

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 2 });
  const start = (config: { maxKeptPreviewReadings: number }) =>
    startTestApi({ databaseUrl: database.url, now: () => new Date(nowMs), config });
  apis = [await start({ maxKeptPreviewReadings: 1_000_000 }), await start({ maxKeptPreviewReadings: 0 })];
});

afterAll(async () => {
  await Promise.all(apis.map((api) => api.stop()));
  await pool.end();
  await database.drop();
});

const durations = fc.constantFrom('2s', '10s', '1m', '10m');
const waits = fc.constantFrom('0s', '0s', '2s', '30s');
const levels = fc.constantFrom({ raise: 0.3, clear: 0.1 }, { raise: 0.5 }, { raise: 1 });
const windows = fc.oneof(fc.integer({ min: 1, max: 6 }), durations);
const conditions: fc.Arbitrary<RuleInput['condition']> = fc.oneof(
  fc
    .record({ kind: fc.constantFrom('anomaly_share', 'late'), window: windows, levels })
    .map(({ levels: { raise, ...clear }, ...rest }) => ({ ...rest, raise, ...clear })),
  fc.record({ kind: fc.constant('anomalies_in_a_row'), count: fc.integer({ min: 1, max: 3 }) }),
  fc.constant({ kind: 'score_above', above: 0.9, clear: 0.5 } as const),
  fc.constant({ kind: 'feature', feature: 'humidity', above: 55, below: 45, hysteresis: 2 } as const),
  fc.record({
    kind: fc.constant('rate_of_change'),
    feature: fc.constant('temperature'),
    above: fc.constantFrom(0.5, 5),
    per: durations,
  }),
  fc.record({ kind: fc.constant('stuck'), feature: fc.constant('sound_volume'), duration: durations }),
  fc.record({ kind: fc.constant('silent'), after: durations }),
  fc.record({ kind: fc.constant('silent'), intervals: fc.constantFrom(2, 5) }),
  fc.record({ kind: fc.constant('clock_skew'), above: durations }),
);
const rules: fc.Arbitrary<RuleInput> = fc.record({
  name: fc.constant('Tried'),
  condition: conditions,
  for: waits,
  keep_firing_for: waits,
});

/** Normal and anomalous readings, from the future and up to five minutes late. */
const readings = fc.record({
  sensor_id: fc.constantFrom('attic', 'cellar'),
  delayMs: fc.oneof(fc.constant(20), fc.integer({ min: -600_000, max: maxClockSkewMs })),
  temperature: fc.constantFrom(24, 24.5, 28),
  humidity: fc.constantFrom(52, 46, 40, 60),
  sound_volume: fc.constantFrom(60, 95),
});
const stepsMs = fc.constantFrom(50, 1000, 1000, 5000, 60_000);
const batches = fc.array(
  fc.record({ stepMs: stepsMs, batch: fc.array(readings, { minLength: 1, maxLength: 4 }) }),
  { minLength: 2, maxLength: 15 },
);

type Arrival = typeof batches extends fc.Arbitrary<(infer One)[]> ? One : never;

/** Sends each batch at its own time, to sensors of their own. */
async function ingest(run: string, arrivals: readonly Arrival[]): Promise<void> {
  for (const { stepMs, batch } of arrivals) {
    nowMs += stepMs;
    const body = batch.map(({ delayMs, sensor_id, ...values }) => ({
      ...values,
      sensor_id: `${sensor_id} ${run}`,
      timestamp: new Date(nowMs - delayMs).toISOString(),
    }));
    expect((await apis[0]?.post(body))?.status).toBe(200);
  }
}

interface StoredRow {
  seq: number;
  name: string;
  sensor: number;
  timestamp: string;
  received_at: string;
  features: string;
  prediction: 0 | 1 | null;
  score: number | null;
}

/** Evaluates the stored readings as they arrived, with a tick at each arrival. */
async function evaluateLive(run: string, input: RuleInput): Promise<RulePreview['incidents']> {
  const sql = `SELECT seq, sensors.name, sensor, timestamp, received_at, readings.features, prediction, score
    FROM readings JOIN sensors ON sensors.id = sensor WHERE sensors.name LIKE ? ORDER BY seq`;
  const rows = await selectRows<StoredRow>(pool, { sql, values: [`% ${run}`] });
  const evaluator = createEvaluator({
    features: climate.features,
    rules: [ruleSchema.parse(input)],
    matches: () => true,
    maxClockSkewMs,
  });
  for (const { seq, sensor, timestamp, received_at, features, prediction, score } of rows) {
    const timestampMs = Date.parse(fromSqlTimestamp(timestamp));
    const receivedMs = Date.parse(fromSqlTimestamp(received_at));
    const values = parseValues(climate, features);
    evaluator.advance(receivedMs);
    evaluator.add({ seq, id: String(seq), sensor, timestampMs, receivedMs, values, prediction, score });
  }
  evaluator.advance(nowMs);
  const names = new Map(rows.map(({ sensor, name }) => [sensor, name]));
  return evaluator.takeChanges().map((incident) => ({
    sensor_id: names.get(incident.sensor) ?? '',
    started_at: new Date(incident.startedMs).toISOString(),
    opened_at: new Date(incident.openedMs).toISOString(),
    cleared_at: incident.clearedMs === null ? null : new Date(incident.clearedMs).toISOString(),
    readings: incident.readings,
    anomalies: incident.anomalies,
    peak_score: incident.peakScore,
  }));
}

async function preview(api: TestApi, rule: RuleInput, fromMs: number) {
  const window = { from: new Date(fromMs).toISOString(), to: new Date(nowMs + 3_600_000).toISOString() };
  const answer = await fetch(`${api.url}/rules/preview`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ ...window, rule }),
  });
  return rulePreviewSchema.parse(await answer.json()).incidents;
}

test('a preview has the incidents that the rule raises live', async () => {
  let runs = 0;
  let found = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(rules, { minLength: 1, maxLength: 6 }), batches, async (tried, arrivals) => {
      runs += 1;
      const run = `run ${runs}`;
      const fromMs = nowMs;
      nowMs += 3_600_000;
      await ingest(run, arrivals);
      nowMs += 5000;
      for (const rule of tried) {
        const live = await evaluateLive(run, rule);
        const byText = live.map((incident) => JSON.stringify(incident)).sort();
        for (const api of apis) {
          const previewed = await preview(api, { ...rule, sensors: `* ${run}` }, fromMs);
          expect(previewed.map((incident) => JSON.stringify(incident)).sort()).toEqual(byText);
        }
        found += live.length;
      }
    }),
    { numRuns: 40 },
  );
  expect(found).toBeGreaterThan(20);
});
