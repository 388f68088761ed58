import {
  type Incident,
  type IncidentSort,
  incidentSorts,
  incidentsPageSchema,
} from '@sensor-sentinel/contracts';
import fc from 'fast-check';
import type { Pool } from 'mysql2/promise';
import { v5 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { runTransaction } from '../../storage/connection.ts';
import { createPool } from '../../storage/pool.ts';
import { toSqlId, toSqlTime } from '../../storage/sql-values.ts';
import { storeReadings } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { type IncidentRecord, toIncidentStatements } from './incident-rows.ts';

const startMs = Date.parse('2026-03-01T12:00:00.000Z');

let database: TestDatabase;
let api: TestApi;
let pool: Pool;
/** All incidents, as the API answers them. */
let all: Incident[];

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 2, isWriting: true });
  const timestamp = new Date(startMs).toISOString();
  const features = { temperature: 20, humidity: 50, sound_volume: 40, prediction: 0 as const, score: 0.5 };
  const reading = { id: v5('reading', v5.URL), sensor_id: 'attic', timestamp, ...features, model: 'test' };
  await storeReadings(pool, [{ reading, receivedAt: timestamp }]);
  await runTransaction(pool, toIncidentStatements(Array.from({ length: 60 }, (_, index) => toRecord(index))));
  await pool.query("UPDATE rule_evaluation SET expires_at = '2100-01-01', holder = x'00'");
  // Each tenth one was resolved after 4 s, and number 15 is a false alarm.
  for (let index = 0; index < 60; index += 10) {
    const values = [toSqlTime(toRecord(index).startedMs + 4000), toSqlId(toId(index))];
    await pool.query("UPDATE incidents SET resolved_at = ?, resolved_by = 'Ada' WHERE id = ?", values);
  }
  await pool.query('UPDATE incidents SET feedback = 0 WHERE id = ?', [toSqlId(toId(15))]);
  api = await startTestApi({ databaseUrl: database.url });
  all = (await list('limit=200')).incidents;
});

afterAll(async () => {
  await api.stop();
  await pool.end();
  await database.drop();
});

const toId = (index: number) => v5(`incident ${index}`, v5.URL);

/** Three in four have ended, after 0 to 20 s. Many are equal in what they are sorted by. */
function toRecord(index: number): IncidentRecord {
  const startedMs = startMs + Math.floor(index / 3) * 1000;
  const lengthMs = ((index * 7) % 11) * 2000;
  return {
    ...{ id: toId(index), type: 1, sensor: 1, rule: 'Anomalies', ruleVersion: '0123456789abcdef' },
    ...{ severity: 'warning', labels: {}, summary: `incident ${index}`, description: '' },
    ...{ startedMs, openedMs: startedMs + (index % 2) * 500, lastSeenMs: startedMs + lengthMs },
    clearedMs: index % 4 === 0 ? null : startedMs + lengthMs,
    ...{ readings: index % 5, anomalies: 1, peakReadingId: null },
    peakScore: index % 6 === 0 ? null : 1 / (2 + (index % 6)),
  };
}

async function list(query: string) {
  const answer = await api.get(`/incidents?${query}`);
  expect(answer.status).toBe(200);
  return incidentsPageSchema.parse(await answer.json());
}

async function listPages(query: string): Promise<string[]> {
  const summaries: string[] = [];
  let cursor: string | null = null;
  do {
    const page = await list(cursor === null ? query : `${query}&cursor=${cursor}`);
    summaries.push(...page.incidents.map(({ summary }) => summary));
    cursor = page.next_cursor;
  } while (cursor !== null);
  return summaries;
}

function toLengthMs({ state, started_at, resolved, cleared_at }: Incident): number {
  const end = state === 'firing' ? '2026-12-01T00:00:00.000Z' : (resolved?.at ?? cleared_at ?? '');
  return Date.parse(end) - Date.parse(started_at);
}

const keys: Readonly<Record<IncidentSort, (incident: Incident) => number>> = {
  opened: () => 0,
  length: toLengthMs,
  readings: ({ readings }) => readings,
  peak: ({ peak_score }) => peak_score ?? -1,
};

function toSorted(incidents: readonly Incident[], sort: IncidentSort, order: 'asc' | 'desc'): string[] {
  const sign = order === 'asc' ? 1 : -1;
  const isFiring = ({ state }: Incident) => Number(state === 'firing');
  const sorted = incidents.toSorted((a, b) => {
    const difference =
      keys[sort](a) - keys[sort](b) || compare(a.opened_at, b.opened_at) || compare(a.id, b.id);
    return isFiring(b) - isFiring(a) || sign * difference;
  });
  return sorted.map(({ summary }) => summary);
}

const compare = (a: string, b: string) => (a < b ? -1 : Number(a > b));

describe('GET /incidents', () => {
  test('has firing and ended incidents to sort', () => {
    expect(all).toHaveLength(60);
    expect(all.filter(({ state }) => state === 'firing')).toHaveLength(12);
  });

  test('in every order, the pages joined are the whole sorted list', async () => {
    const query = fc.record({
      sort: fc.constantFrom(...incidentSorts),
      order: fc.constantFrom('asc' as const, 'desc' as const),
      limit: fc.integer({ min: 1, max: 70 }),
    });
    await fc.assert(
      fc.asyncProperty(query, async ({ sort, order, limit }) => {
        const found = await listPages(`sort=${sort}&order=${order}&limit=${limit}`);
        expect(found).toEqual(toSorted(all, sort, order));
      }),
      { numRuns: 40 },
    );
  });

  test('min_length leaves out short incidents that no person has said anything about, and counts them', async () => {
    const isShort = ({ state, acknowledged, resolved, feedback }: Incident) =>
      state === 'cleared' && acknowledged === null && resolved === null && feedback === null;
    const short = all.filter((incident) => isShort(incident) && toLengthMs(incident) < 10_000);
    const rest = all.filter((incident) => !short.includes(incident));
    expect(await listPages('min_length=10s&sort=length&order=asc&limit=7')).toEqual(
      toSorted(rest, 'length', 'asc'),
    );
    const { counts } = await list('min_length=10s&limit=1');
    expect(counts).toEqual({ firing: 12, unacknowledged: 12, short: short.length });
    expect((await list('limit=1')).counts.short).toBe(0);
    const untouched = [15, 10].map((index) => `incident ${index}`);
    expect(rest.map(({ summary }) => summary)).toEqual(expect.arrayContaining(untouched));
  });

  test('refuses a cursor of another order', async () => {
    const { next_cursor } = await list('sort=readings&limit=1');
    for (const other of ['sort=peak', 'sort=readings&order=asc', '']) {
      expect((await api.get(`/incidents?${other}&cursor=${next_cursor}`)).status).toBe(400);
    }
    expect((await api.get('/incidents?min_length=soon')).status).toBe(400);
  });
});
