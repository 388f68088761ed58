import {
  batchAnswerSchema,
  climateType,
  distributionSchema,
  modelSchema,
  type Prediction,
  type ReadingsPage,
  readingSeriesSchema,
  readingsPageSchema,
  seriesSchema,
  statsSchema,
  toSortColumns,
} from '@sensor-sentinel/contracts';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { z } from 'zod';
import { createTestDatabase, type TestDatabase } from '../../testing/create-test-database.ts';
import { startTestApi, type TestApi } from '../../testing/start-test-api.ts';

const start = Date.parse('2026-03-01T00:00:00.000Z');
const rows = Array.from({ length: 240 }, (_, index) => ({
  temperature: 20 + (index % 13) / 2,
  humidity: 45 + (index % 7),
  sound_volume: 40 + (index % 17) * 3,
  sensor_id: index % 3 === 0 ? 'attic' : 'cellar',
  timestamp: new Date(start + index * 1000).toISOString(),
}));

let database: TestDatabase;
let api: TestApi;
let predictions: Prediction[];
const now = new Date(start + 240_000);

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  api = await startTestApi({ databaseUrl: database.url, now: () => now });
  predictions = batchAnswerSchema.parse(await (await api.post(rows)).json()).results;
});

afterAll(async () => {
  await api.stop();
  await database.drop();
});

async function getPage(query: string): Promise<ReadingsPage> {
  const answer = await api.get(`/readings?${query}`);
  expect(answer.status).toBe(200);
  return readingsPageSchema.parse(await answer.json());
}

async function listAll(query: string): Promise<ReadingsPage['readings']> {
  const readings = [];
  let cursor = '';
  for (let page = 0; page < 100; page++) {
    const { readings: some, next_cursor } = await getPage(`${query}${cursor}`);
    readings.push(...some);
    if (next_cursor === null) return readings;
    cursor = `&cursor=${next_cursor}`;
  }
  throw new Error('the pages do not end');
}

describe('GET /readings', () => {
  const orders = toSortColumns(climateType).flatMap((sort) => [
    [sort, 'asc'] as const,
    [sort, 'desc'] as const,
  ]);

  test.each(orders)('pages by %s %s: every row once, in order', async (sort, order) => {
    const readings = await listAll(`sort=${sort}&order=${order}&limit=37`);
    expect(new Set(readings.map(({ id }) => id)).size).toBe(rows.length);
    const values = readings.map((reading) => z.union([z.string(), z.number()]).parse(reading[sort]));
    const sign = order === 'asc' ? 1 : -1;
    expect(values).toEqual(values.toSorted((a, b) => sign * (a < b ? -1 : a > b ? 1 : 0)));
  });

  test('filters by sensor, time, prediction and ranges, and counts them', async () => {
    const query =
      'sensor_id=cellar&from=2026-03-01T00:01:00Z&to=2026-03-01T00:03:00Z&temperature_min=21&temperature_max=24.5&prediction=0&limit=500';
    const { readings, total } = await getPage(query);
    const expected = rows.filter(
      ({ sensor_id, temperature }, index) =>
        sensor_id === 'cellar' &&
        index >= 60 &&
        index < 180 &&
        temperature >= 21 &&
        temperature <= 24.5 &&
        predictions[index]?.prediction === 0,
    );
    expect(expected.length).toBeGreaterThan(5);
    expect(readings.map(({ timestamp }) => timestamp)).toEqual(
      expected.map(({ timestamp }) => timestamp).toReversed(),
    );
    expect(total).toBe(expected.length);
  });

  test.each([
    'limit=0',
    'limit=501',
    'limit=x',
    'sort=id',
    'order=up',
    'prediction=2',
    'temperature_min=warm',
    'from=yesterday',
    'from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z',
    'cursor=nonsense',
    'color=red',
    'sort=timestamp&sort=score',
  ])('refuses %s', async (query) => {
    expect((await api.get(`/readings?${query}`)).status).toBe(400);
  });

  test('refuses a cursor of another order', async () => {
    const { next_cursor } = await getPage('limit=5&sort=score&order=asc');
    expect((await api.get(`/readings?sort=score&order=desc&cursor=${next_cursor}`)).status).toBe(400);
  });
});

describe('GET /stats', () => {
  test('equals the statistics of the rows', async () => {
    const stats = statsSchema.parse(await (await api.get('/stats')).json());
    const anomalies = predictions.filter(({ prediction }) => prediction === 1).length;
    expect(stats).toMatchObject({ type: 'climate', count: 240, anomalies, anomaly_rate: anomalies / 240 });
    const values = rows.map(({ temperature }) => temperature);
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
    expect(stats.features?.temperature).toMatchObject({ count: 240, min: 20, max: 26 });
    expect(stats.features?.temperature?.mean).toBeCloseTo(mean, 10);
    expect(stats.features?.temperature?.std).toBeCloseTo(Math.sqrt(variance), 10);
  });

  test('has no features without readings', async () => {
    const stats = statsSchema.parse(await (await api.get('/stats?to=2020-01-01T00:00:00Z')).json());
    expect(stats).toMatchObject({ count: 0, anomalies: 0, anomaly_rate: null, features: null });
  });
});

describe('GET /distribution', () => {
  test('counts predictions, and scores by bin', async () => {
    const answer = distributionSchema.parse(await (await api.get('/distribution?sensor_id=attic')).json());
    const scores = predictions
      .filter(({ sensor_id }) => sensor_id === 'attic')
      .map(({ score }) => Number(score));
    expect(answer).toMatchObject({ type: 'climate', count: 80, unscored: 0 });
    expect(answer.predictions[0] + answer.predictions[1]).toBe(80);
    expect(answer.score_histogram).toHaveLength(20);
    for (const { from, to, count } of answer.score_histogram) {
      expect(count).toBe(scores.filter((score) => score >= from && (score < to || to === 1)).length);
    }
  });
});

describe('GET /series', () => {
  test('returns every reading if there are few', async () => {
    const series = readingSeriesSchema.parse(await (await api.get('/series?points=1000')).json());
    expect(series).toMatchObject({ type: 'climate', downsampled: false });
    expect(series.timestamp).toEqual(rows.map(({ timestamp }) => timestamp));
    expect(series.temperature).toEqual(rows.map(({ temperature }) => temperature));
    expect(series.gaps).toEqual([]);
  });

  test('keeps extremes and the most anomalous if there are many readings', async () => {
    const series = readingSeriesSchema.parse(await (await api.get('/series?points=30')).json());
    const anomalies = predictions.filter(({ prediction }) => prediction === 1);
    expect(series).toMatchObject({ downsampled: true, anomalies_sampled: true, anomalies: anomalies.length });
    const highest = anomalies.toSorted((a, b) => (b.score ?? 0) - (a.score ?? 0))[0];
    expect(series.id).toContain(highest?.id);
    expect(series.timestamp.length).toBeLessThanOrEqual(3 * 30 + 50);
    const noise = z.array(z.number()).parse(series.sound_volume);
    expect([Math.min(...noise), Math.max(...noise)]).toEqual([40, 88]);
    expect(series.timestamp).toEqual(series.timestamp.toSorted());
  });

  test('is empty in a window without readings', async () => {
    const series = seriesSchema.parse(await (await api.get('/series?to=2020-01-01T00:00:00Z')).json());
    expect(series).toMatchObject({ count: 0, timestamp: [] });
  });
});

describe('GET /model', () => {
  test('describes the active model', async () => {
    const model = modelSchema.parse(await (await api.get('/model')).json());
    expect(model.features.map(({ name }) => name)).toEqual(['temperature', 'humidity', 'sound_volume']);
    expect(model.name).toBe(predictions[0]?.model);
    expect(model.origin).toMatchObject({ kind: 'trained', test: { rows: 798 } });
    expect(model.type).toBe('climate');
  });
});
