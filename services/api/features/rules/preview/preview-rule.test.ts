import { type PreviewProgress, rulePreviewRequestSchema } from '@sensor-sentinel/contracts';
import type { Pool } from 'mysql2/promise';
import { afterAll, beforeAll, describe, expect, inject, test } from 'vitest';
import { createPool } from '../../../storage/pool.ts';
import { climate } from '../../../testing/climate.ts';
import { createTestDatabase, type TestDatabase } from '../../../testing/create-test-database.ts';
import { storeStream } from '../../../testing/store-stream.ts';
import { createPreviewRule, type PreviewRule } from './preview-rule.ts';

const firstMs = Date.parse('2026-03-01T00:00:00.000Z');
const window = { from: '2026-03-01T00:00:00Z', to: '2026-03-02T00:00:00Z' };
const readings = 3 * 5000 + 1000;

let database: TestDatabase;
let pool: Pool;

beforeAll(async () => {
  database = await createTestDatabase(inject('databaseAdminUrl'));
  pool = createPool({ databaseUrl: database.url, connections: 4, isWriting: true });
  // The second half arrives first, and anomalies are in the middle of each quarter.
  const quarter = '0'.repeat(3000) + '1'.repeat(1000);
  for (const [place, number] of [2, 3, 0, 1].entries())
    await storeStream(pool, quarter, {
      sensor: place % 2 === 0 ? 'attic' : 'cellar',
      firstMs: firstMs + number * 4_000_000,
    });
});

afterAll(async () => {
  await pool.end();
  await database.drop();
});

function create({ maxKeptReadings = 1_000_000 } = {}): PreviewRule {
  return createPreviewRule({
    pool,
    now: () => new Date(window.to),
    maxReadings: 1e6,
    maxKeptReadings,
    maxClockSkewMs: 300_000,
  });
}

const request = rulePreviewRequestSchema.parse({
  ...window,
  rule: { name: 'Tried', condition: { kind: 'anomalies_in_a_row', count: 5 } },
});

/** The preview and its progress. */
async function preview(previewRule: PreviewRule) {
  const progress: PreviewProgress[] = [];
  const { signal } = new AbortController();
  const onProgress = (one: PreviewProgress) => progress.push(one);
  const answer = await previewRule({ type: climate, request, signal, onProgress });
  return { answer, progress };
}

/** The progress of an evaluation begins at 0.8, that of reading at 0. */
function isRead({ progress }: Awaited<ReturnType<typeof preview>>): boolean {
  return progress.some((one) => one.progress < 0.5);
}

describe('createPreviewRule', () => {
  test('gives the same preview of several pages in memory and while they are read', async () => {
    const kept = await preview(create());
    expect(kept.answer).toMatchObject({ readings, counts: { incidents: 4, sensors: 2 } });
    const streamed = await preview(create({ maxKeptReadings: 100 }));
    expect(streamed.answer).toEqual(kept.answer);
    for (const { progress } of [kept, streamed]) {
      const shares = progress.map((one) => one.progress);
      expect(shares.length).toBeGreaterThanOrEqual(4);
      expect(shares).toEqual(shares.toSorted((a, b) => a - b));
    }
    expect(streamed.progress.at(-1)).toEqual({ progress: 1, readings });
  });

  test.each([
    ['in memory', 1_000_000],
    ['while they are read', 100],
  ])('stops when it is aborted: readings %s', async (_how, maxKeptReadings) => {
    const aborting = new AbortController();
    const progress: PreviewProgress[] = [];
    const previewing = create({ maxKeptReadings })({
      type: climate,
      request,
      signal: aborting.signal,
      onProgress(one) {
        progress.push(one);
        aborting.abort();
      },
    });
    await expect(previewing).rejects.toThrow('aborted');
    expect(progress).toHaveLength(1);
  });

  test('reads a window again only after a change', async () => {
    const previewRule = create();
    const first = await preview(previewRule);
    const again = await preview(previewRule);
    expect(again.answer).toEqual(first.answer);
    await storeStream(pool, '111110', { sensor: 'late', firstMs: firstMs + 1000 });
    const changed = await preview(previewRule);
    expect(changed.answer).toMatchObject({ readings: readings + 6, counts: { incidents: 5, sensors: 3 } });
    expect([first, again, changed].map(isRead)).toEqual([true, false, true]);
  });

  test('evaluates imported readings as if they had arrived at their timestamps, in whatever order they were stored', async () => {
    const sensor = 'imported';
    const receivedMs = firstMs + 12 * 3_600_000;
    await storeStream(pool, '00', { sensor, firstMs: receivedMs });
    const hours = [3, 1, 2];
    for (const hour of hours)
      await storeStream(pool, '000001111100', { sensor, firstMs: firstMs + hour * 3_600_000, receivedMs });
    await storeStream(pool, '00', { sensor, firstMs: receivedMs + 2000 });
    const { signal } = new AbortController();
    const ofSensor = { ...request, sensor_id: [sensor] };
    const answer = await create()({ type: climate, request: ofSensor, signal });
    const toUtc = (hour: number, seconds: number) =>
      new Date(firstMs + hour * 3_600_000 + seconds * 1000).toISOString();
    expect(answer.incidents).toMatchObject(
      [3, 2, 1].map((hour) => ({ started_at: toUtc(hour, 9), cleared_at: toUtc(hour, 10), readings: 1 })),
    );
    expect(answer.incidents).toHaveLength(3);
  });
});
