import type { BucketSeries } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { toSeriesPoints } from '../charts/series-points.ts';
import { toRibbon } from './to-ribbon.ts';

const startMs = Date.parse('2026-11-22T10:00:00.000Z');
const span = { fromMs: startMs, toMs: startMs + 240_000 };
const columns = { temperature: [24, 24, 24], humidity: [50, 50, 50], sound_volume: [60, 60, 60] };
const series: BucketSeries = {
  type: 'climate',
  from: null,
  to: null,
  count: 250,
  anomalies: 51,
  resolution: 60,
  gaps: [],
  timestamp: ['2026-11-22T10:00:00.000Z', '2026-11-22T10:01:00.000Z', '2026-11-22T10:03:00.000Z'],
  ...columns,
  min: columns,
  max: columns,
  bucket_count: [100, 100, 50],
  bucket_anomalies: [50, 1, 0],
  top_anomalies: { id: [], timestamp: [], temperature: [], humidity: [], sound_volume: [] },
};

describe('toRibbon', () => {
  test('has a column for each interval with readings, scaled to the highest share', () => {
    const { columns: drawn, count, highest } = toRibbon(toSeriesPoints(series), span, 200);
    expect([count, highest]).toEqual([4, 0.5]);
    expect(drawn).toEqual([
      { place: 0, share: 0.5, mark: 1 },
      { place: 1, share: 0.01, mark: 0.18 },
      { place: 3, share: 0, mark: 0 },
    ]);
  });

  test('merges buckets when there is no room for each', () => {
    const { columns: drawn } = toRibbon(toSeriesPoints(series), span, 2);
    expect(drawn.map(({ share }) => share)).toEqual([51 / 200, 0]);
  });
});
