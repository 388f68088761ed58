import type { Episode } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { findBand, toBands } from './to-bands.ts';

const startMs = Date.parse('2026-11-22T10:00:00.000Z');
const span = { fromMs: startMs, toMs: startMs + 900_000 };

function episode(minutes: [number, number], state: Episode['state'] = 'closed'): Episode {
  const [start = '', end = ''] = minutes.map((minute) => new Date(startMs + minute * 60_000).toISOString());
  const closed_at = state === 'closed' ? end : null;
  return { sensor_id: 'hall', state, start, end, closed_at, count: 12, peak_score: 0.98 };
}

describe('toBands', () => {
  test('clips bands to the window', () => {
    const [band] = toBands([episode([-5, 2])], span);
    expect(band).toMatchObject({ fromMs: startMs, toMs: startMs + 120_000 });
    expect(band?.text).toBe('alert episode of hall, 12 anomalies');
  });

  test('extends open episodes to the end of the window', () => {
    expect(toBands([episode([10, 11], 'open')], span)).toMatchObject([{ toMs: span.toMs }]);
  });

  test('omits episodes that are too short or outside of the window', () => {
    expect(toBands([episode([3, 3.01]), episode([-9, -8]), episode([20, 30])], span)).toEqual([]);
  });
});

describe('findBand', () => {
  test('finds the band at a time', () => {
    const bands = toBands([episode([1, 2]), episode([4, 6])], span);
    expect(findBand(bands, startMs + 300_000)).toBe(bands[1]);
    expect(findBand(bands, startMs + 180_000)).toBeUndefined();
  });
});
