import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type IncidentDetails,
  incidentDetailsSchema,
  incidentsPageSchema,
  type RuleInput,
  readingExplanationSchema,
  type SensorTypeInput,
} from '@sensor-sentinel/contracts';
import type { Connection, RowDataPacket } from 'mysql2/promise';
import { v4, v7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, inject, test, vi } from 'vitest';
import { createAdminConnection } from '../../storage/admin-connection.ts';
import { runTransaction } from '../../storage/connection.ts';
import { createPool } from '../../storage/pool.ts';
import { toSqlId } from '../../storage/sql-values.ts';
import { storeReadings } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { createShifted, createVariant, writeModel } from '../../testing/model-variants.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { toIncidentStatements } from './incident-rows.ts';

const first = createVariant();
const anomalous = { temperature: 20.5, humidity: 44, sound_volume: 85 };
const moreAnomalous = { temperature: 19, humidity: 41, sound_volume: 99 };
const normal = { temperature: 24, humidity: 52, sound_volume: 60 };
const pump: SensorTypeInput = { name: 'pump', features: [{ name: 'pressure', unit: 'bar' }] };
const rules: RuleInput[] = [
  { name: 'One', condition: { kind: 'anomalies_in_a_row', count: 1 } },
  { name: 'Pressure', type: 'pump', condition: { kind: 'feature', feature: 'pressure', above: 5 } },
];
const waiting = { timeout: 30_000, interval: 50 };

let database: TestDatabase;
let admin: Connection;
let directory: string;
let api: TestApi;
let aheadMs = 0;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  admin = await createAdminConnection(database.adminUrl);
  directory = mkdtempSync(join(tmpdir(), 'models-'));
  writeModel(directory, 'first.json', first);
  writeModel(directory, 'second.json', createShifted(0.4));
  const bare = createVariant((artifact) => {
    artifact.background = [];
  });
  writeModel(directory, 'bare.json', bare);
  const now = () => new Date(Date.now() + aheadMs);
  api = await startTestApi({
    databaseUrl: database.url,
    modelDirectory: directory,
    modelName: 'first',
    now,
  });
  await post('/types', pump);
  for (const rule of rules) await post('/rules', rule);
  // The rules count from the next reading on.
  await vi.waitFor(async () => {
    const [rows] = await admin.query<RowDataPacket[]>('SELECT checkpoint FROM rule_evaluation');
    for (const { name } of rules) expect(rows[0]?.checkpoint).toContain(`${name}@`);
  }, waiting);
});

afterAll(async () => {
  await api.stop();
  await admin.end();
  await database.drop();
  rmSync(directory, { recursive: true });
});

async function post(path: string, body: unknown): Promise<void> {
  const answer = await fetch(`${api.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(answer.status, await answer.text()).toBeLessThan(300);
}

async function activate(name: string): Promise<void> {
  await post(`/models/${name}/activate?max_changed=1`, {});
}

/** Stores a reading, and resolves to its id. */
async function feed(sensor_id: string, values: object): Promise<string> {
  const id = v4();
  await post('/predict', { ...values, id, sensor_id });
  return id;
}

async function get<T>(path: string, schema: { parse: (body: unknown) => T }): Promise<T> {
  const answer = await api.get(path);
  expect(answer.status).toBe(200);
  return schema.parse(await answer.json());
}

/** The only incident of the sensor, once it passes the check. */
function waitForIncident(
  { sensor, type = 'climate' }: { sensor: string; type?: string },
  check: (incident: IncidentDetails) => void,
): Promise<IncidentDetails> {
  return vi.waitFor(async () => {
    const page = await get(`/incidents?type=${type}&sensor_id=${sensor}`, incidentsPageSchema);
    const details = await get(`/incidents/${page.incidents[0]?.id}`, incidentDetailsSchema);
    check(details);
    return details;
  }, waiting);
}

const hasPeak = ({ peak }: IncidentDetails) => expect(peak).not.toBeNull();

/** What decides whether it is tried again, and whether there is something to show. */
async function readPeak(id: string): Promise<unknown> {
  const [rows] = await admin.query<RowDataPacket[]>(
    'SELECT peak_pending, peak_explanation IS NULL AS is_empty FROM incidents WHERE id = ?',
    [toSqlId(id)],
  );
  return rows[0];
}

describe('the peak of an incident', () => {
  test('is explained after the incident has cleared, and still after the reading was removed', async () => {
    const id = await feed('attic', anomalous);
    const before = await get(`/readings/${id}/explanation`, readingExplanationSchema);
    await feed('attic', normal);
    const incident = await waitForIncident({ sensor: 'attic' }, hasPeak);
    expect(incident).toMatchObject({ state: 'cleared', peak_reading_id: id });
    expect(incident.peak).toEqual({
      reading: await (await api.get(`/readings/${id}`)).json(),
      explanation: before.explanation,
    });
    const byContribution = before.explanation.contributions.toSorted(
      (a, b) => b.contribution - a.contribution,
    );
    expect(incident.cause).toEqual(byContribution[0]);
    await admin.query('DELETE FROM readings WHERE id = ?', [toSqlId(id)]);
    expect((await api.get(`/readings/${id}`)).status).toBe(404);
    expect(await get(`/incidents/${incident.id}`, incidentDetailsSchema)).toEqual(incident);
    const list = await (await api.get('/incidents?sensor_id=attic')).text();
    expect(list).toContain(incident.id);
    expect(list).not.toContain('"peak":');
  });

  test('is explained by the model that scored it, whichever is active', async () => {
    const id = await feed('cellar', anomalous);
    await activate('second');
    await feed('cellar', normal);
    const { peak } = await waitForIncident({ sensor: 'cellar' }, hasPeak);
    expect(peak).toMatchObject({ reading: { id, model: first.name }, explanation: { model: first.name } });
    await activate('first');
  });

  test('is explained while the incident fires, and again if another reading has a higher score', async () => {
    await feed('hall', anomalous);
    await waitForIncident({ sensor: 'hall' }, ({ state }) => expect(state).toBe('firing'));
    aheadMs += 11_000;
    await waitForIncident({ sensor: 'hall' }, hasPeak);
    const id = await feed('hall', moreAnomalous);
    const isOfId = (incident: IncidentDetails) => expect(incident.peak?.reading.id).toBe(id);
    const { state, peak } = await waitForIncident({ sensor: 'hall' }, isOfId);
    expect(state).toBe('firing');
    expect(peak?.reading).toMatchObject(moreAnomalous);
    expect(peak?.explanation?.score).toBe(peak?.reading.score);
  });

  test('has no explanation if its model cannot give one', async () => {
    await activate('bare');
    const id = await feed('bath', anomalous);
    await feed('bath', normal);
    const { peak, cause } = await waitForIncident({ sensor: 'bath' }, hasPeak);
    expect(peak).toMatchObject({ reading: { id, ...anomalous }, explanation: null });
    expect(cause).toBeNull();
    await activate('first');
  });

  test('is null if the type has no model', async () => {
    await feed('pump-1', { type: 'pump', pressure: 6 });
    await feed('pump-1', { type: 'pump', pressure: 4 });
    const target = { sensor: 'pump-1', type: 'pump' };
    const incident = await waitForIncident(target, ({ state }) => expect(state).toBe('cleared'));
    expect(incident).toMatchObject({ rule: 'Pressure', peak_reading_id: null, peak: null });
    expect(await readPeak(incident.id)).toEqual({ peak_pending: 0, is_empty: 1 });
  });

  test('is not tried again if its model is not loaded, or its reading is gone', async () => {
    const [unloaded, gone] = await addIncidents();
    await vi.waitFor(async () => {
      expect(await readPeak(unloaded.id)).toEqual({ peak_pending: 0, is_empty: 0 });
      expect(await readPeak(gone.id)).toEqual({ peak_pending: 0, is_empty: 1 });
    }, waiting);
    expect((await get(`/incidents/${unloaded.id}`, incidentDetailsSchema)).peak).toMatchObject({
      reading: { id: unloaded.peakReadingId, model: 'removed' },
      explanation: null,
    });
    expect((await get(`/incidents/${gone.id}`, incidentDetailsSchema)).peak).toBeNull();
  });
});

/** Two incidents that have cleared: one whose reading was scored by a model that is gone, and one without its reading. */
async function addIncidents() {
  const pool = createPool({ databaseUrl: database.url, connections: 1, isWriting: true });
  const atMs = Date.parse('2026-03-01T12:00:00.000Z');
  const timestamp = new Date(atMs).toISOString();
  const scored = { prediction: 1 as const, score: 0.9, model: 'removed' };
  const reading = { id: v7(), sensor_id: 'roof', timestamp, ...anomalous, ...scored };
  await storeReadings(pool, [{ reading, receivedAt: timestamp }]);
  const toRecord = (peakReadingId: string) => ({
    ...{ id: v4(), type: 1, sensor: 1, rule: 'Old', ruleVersion: 'v', severity: 'info' as const },
    ...{ labels: {}, summary: '', description: '', startedMs: atMs, openedMs: atMs, lastSeenMs: atMs },
    ...{ clearedMs: atMs, readings: 1, anomalies: 1, peakScore: 0.9, peakReadingId },
  });
  const records = [toRecord(reading.id), toRecord(v4())] as const;
  await runTransaction(pool, toIncidentStatements(records));
  await pool.end();
  return records;
}
