import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { climateType, featureValueOf, type StoredReading } from '@sensor-sentinel/contracts';
import { loadArtifact } from '@sensor-sentinel/model';
import type { Pool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { selectRows } from '../../storage/connection.ts';
import { createPool } from '../../storage/pool.ts';
import { climate } from '../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';
import { type ReadingRow, readingColumns, readingTables, toReading, toStoredReading } from './reading-row.ts';

const featureNames = climateType.features.map(({ name }) => name);

const sender = fileURLToPath(new URL('../../../sender/main.ts', import.meta.url));
const csv = fileURLToPath(new URL('../../../sender/data/readings.csv', import.meta.url));
const artifactFile = fileURLToPath(
  new URL('../../../../model/artifacts/gradient-boosting.json', import.meta.url),
);

const summarySchema = z.object({
  rows: z.int(),
  accepted: z.int(),
  rejected: z.int(),
  bad_rows: z.int(),
});

let database: TestDatabase;
let api: TestApi;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  api = await startTestApi({ databaseUrl: database.url });
  pool = createPool({ databaseUrl: database.url, connections: 1 });
});

afterAll(async () => {
  await api.stop();
  await pool.end();
  await database.drop();
});

function runSender(args: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [sender, '--api-url', api.url, '--json', ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
    child.once('exit', (code) =>
      code === 0 ? resolve(output) : reject(new Error(`the sender ended with ${code}`)),
    );
  });
}

describe('a replay of the packaged CSV', () => {
  test('stores as many rows as the sender reports, with the predictions of the pipeline', async () => {
    const summary = summarySchema.parse(JSON.parse(await runSender(['--rate', '0', '--loop', '1'])));
    const [, ...lines] = readFileSync(csv, 'utf8').trim().split('\n');
    expect(summary).toEqual({ rows: 2000, accepted: 2000, rejected: 0, bad_rows: 0 });

    const sql = `SELECT ${readingColumns} FROM ${readingTables}`;
    const rows = await selectRows<ReadingRow>(pool, { sql });
    const stored = rows.map((row) => toStoredReading(toReading(climate, row)));
    const toValues = (reading: StoredReading) =>
      featureNames.map((name) => featureValueOf(reading, name) ?? Number.NaN);
    const toLine = (reading: StoredReading) =>
      toValues(reading)
        .map((value) => value.toFixed(1))
        .join(',');
    expect(stored.map(toLine).toSorted()).toEqual(lines.toSorted());

    const { pipeline, artifact } = await loadArtifact(artifactFile);
    for (const reading of stored) {
      const { score, prediction, model } = reading;
      const own = pipeline.score(toValues(reading));
      expect({ score, prediction, model }).toEqual({
        score: own,
        prediction: own > artifact.threshold ? 1 : 0,
        model: artifact.name,
      });
    }
  });
});

test('a replay of an export keeps the sensor of each reading', async () => {
  const sensorIds = ['=1+1', "'=1+1", 'x;=1+1', '＝1+1', 'x; "-1", y', '|cmd', "'s-Hertogenbosch", 'Küche'];
  const readings = sensorIds.map((sensor_id) => ({
    ...{ sensor_id, temperature: -4, humidity: 51, sound_volume: 60 },
  }));
  expect((await api.post(readings)).status).toBe(200);
  const query = new URLSearchParams({ format: 'csv' });
  for (const sensorId of sensorIds) query.append('sensor_id', sensorId);
  const exported = await (await api.get(`/readings?${query}`)).text();
  const folder = mkdtempSync(join(tmpdir(), 'sensor-sentinel-export-'));
  const file = join(folder, 'readings.csv');
  writeFileSync(file, exported);
  try {
    const output = await runSender(['--file', file, '--rate', '0', '--loop', '1']);
    expect(summarySchema.parse(JSON.parse(output))).toMatchObject({
      accepted: sensorIds.length,
      bad_rows: 0,
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
  const counts = await selectRows<{ sensor_id: string; count: number }>(pool, {
    sql: `SELECT name AS sensor_id, COUNT(*) AS count FROM readings JOIN sensors ON sensors.id = sensor
      WHERE JSON_EXTRACT(features, '$[0]') = -4 GROUP BY name`,
  });
  expect(counts.map(({ sensor_id, count }) => [sensor_id, count]).toSorted()).toEqual(
    sensorIds.map((sensor_id) => [sensor_id, 2]).toSorted(),
  );
});
