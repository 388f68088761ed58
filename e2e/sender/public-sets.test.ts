import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  distributionSchema,
  featureValueOf,
  readingExplanationSchema,
  readingsPageSchema,
  seriesSchema,
  statsSchema,
} from '@sensor-sentinel/contracts';
import axios from 'axios';
import mysql, { type RowDataPacket } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { type RunningApi, startApi } from '../testing/start-api.ts';

const root = join(import.meta.dirname, '../..');
const run = promisify(execFile);

let directory: string;
let api: RunningApi;

beforeAll(async () => {
  directory = mkdtempSync(join(tmpdir(), 'sensor-sentinel-sets-'));
  api = await startApi({
    adminUrl: inject('databaseAdminUrl'),
    directory,
    settings: { MODEL_DIR: directory },
  });
});

afterAll(async () => {
  await api.stop();
  rmSync(directory, { recursive: true, force: true });
});

/** Runs a program of the project as the README says. */
async function npmRun(program: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [join(root, program), ...args], {
    cwd: directory,
    env: { ...api.environment, MODEL_DIR: directory },
  });
  return stdout;
}

async function get(path: string): Promise<unknown> {
  return (await axios.get<unknown>(`${api.url}${path}`)).data;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

/** The columns of numbers of a file, by name. */
function readColumns(file: string): { names: string[]; rows: number[][]; labels: string[] } {
  const [header = '', ...lines] = readFileSync(file, 'utf8').trim().split('\n');
  const cells = lines.map((line) => line.split(','));
  return {
    names: header.split(',').slice(0, -1),
    rows: cells.map((row) => row.slice(0, -1).map(Number)),
    labels: cells.map((row) => row.at(-1) ?? ''),
  };
}

describe.each([
  { type: 'wine', anomaly: 'class_0', flags: ['--positive', 'class_0'] },
  { type: 'breast_cancer', anomaly: 'malignant', flags: [] },
])('the public data set $type', ({ type, anomaly, flags }) => {
  const file = join(import.meta.dirname, 'data', `${type}.csv`);
  const { names, rows, labels } = readColumns(file);

  test('becomes readings of a type of its own by one command', async () => {
    const args = ['--file', file, '--rate', '0', '--loop', '1', '--api-url', api.url, '--json'];
    const summary: unknown = JSON.parse(await npmRun('services/sender/main.ts', ...args));
    expect(summary).toMatchObject({ accepted: rows.length, rejected: 0, bad_rows: 0, skipped_rows: 0 });
  });

  test('has the statistics and the series of the file', async () => {
    const { count, features } = statsSchema.parse(await get(`/stats?type=${type}`));
    expect(count).toBe(rows.length);
    expect(Object.keys(features ?? {})).toEqual(names);
    const series = seriesSchema.parse(await get(`/series?type=${type}`));
    for (const [place, name] of names.entries()) {
      const values = rows.map((row) => row[place] ?? Number.NaN);
      const mean = sum(values) / values.length;
      expect(features?.[name]).toMatchObject({
        ...{ count: rows.length, min: Math.min(...values), max: Math.max(...values) },
        mean: expect.closeTo(mean, 9),
      });
      expect([...(series[name] as number[])].sort((a, b) => a - b)).toEqual(values.toSorted((a, b) => a - b));
    }
  });

  test('is readable as a view, value for value', async () => {
    const reader = await mysql.createConnection({ uri: api.viewsUrl, typeCast: true });
    try {
      const [found] = await reader.query<RowDataPacket[]>(`SELECT * FROM \`${type}\``);
      const toText = (row: readonly unknown[]) => row.map(Number).join();
      const stored = found.map((row) => toText(names.map((name) => row[name] as unknown)));
      expect(stored.toSorted()).toEqual(rows.map(toText).toSorted());
    } finally {
      await reader.end();
    }
  });

  test('gets predictions by two more commands, and its stored readings by a third', async () => {
    const train = ['--data', file, '--target', 'target', '--out', directory, '--api-url', api.url, ...flags];
    const printed = await npmRun(
      'model/cli/train.ts',
      ...train,
      '--family',
      'logistic-regression,gradient-boosting',
    );
    const [, url = ''] = /curl -X POST (\S+)/.exec(printed) ?? [];
    expect(printed).toContain(`npm run rescore -- --type ${type}`);
    expect((await axios.post<{ activated: boolean }>(url)).data.activated).toBe(true);
    const rescored = await npmRun('services/api/cli/rescore.ts', '--type', type);
    expect(rescored).toMatch(new RegExp(`^${rows.length} readings of the type ${type} scored`));

    const anomalies = labels.filter((label) => label === anomaly).length;
    const { predictions, unscored } = distributionSchema.parse(await get(`/distribution?type=${type}`));
    expect(unscored).toBe(0);
    expect(predictions[0] + predictions[1]).toBe(rows.length);
    expect(Math.abs(predictions[1] - anomalies)).toBeLessThan(0.1 * rows.length);
  });

  test('has explanations that sum to the score, with the error of each estimate', async () => {
    const page = readingsPageSchema.parse(await get(`/readings?type=${type}&sort=score&limit=1`));
    const [reading] = page.readings;
    if (reading === undefined) throw new Error('there is no reading');
    expect(names.map((name) => featureValueOf(reading, name))).not.toContain(null);
    const found = readingExplanationSchema.parse(await get(`/readings/${reading.id}/explanation`));
    const { base_value, contributions, score } = found.explanation;
    expect(score).toBe(reading.score);
    expect(contributions.map(({ feature }) => feature)).toEqual(names);
    expect(base_value + sum(contributions.map(({ contribution }) => contribution))).toBeCloseTo(score, 9);
    for (const { standard_error } of contributions) expect(standard_error).toBeLessThan(0.05);
  });
});
