import { describe, expect, test } from 'vitest';
import { createAlertWatch } from './alert-watch.ts';

const start = Date.parse('2026-03-01T00:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();
const reading = (seconds: number, prediction: 0 | 1) => ({
  sensor_id: 'attic',
  timestamp: at(seconds),
  prediction,
});

describe('createAlertWatch', () => {
  test('tells of changes only, and goes by the time of the readings', () => {
    const watch = createAlertWatch(60_000);
    const see = (seconds: number, prediction: 0 | 1) =>
      watch.see(reading(seconds, prediction), start + 10_000)?.state;
    expect([see(1, 0), see(2, 0), see(3, 1), see(2.5, 0), see(4, 1), see(5, 0)]).toEqual([
      'normal',
      undefined,
      'anomaly',
      undefined,
      undefined,
      'normal',
    ]);
  });

  test('tells once that a sensor has fallen silent, and since when', () => {
    const watch = createAlertWatch(60_000);
    watch.see(reading(1, 1), start + 1000);
    expect(watch.tick(start + 61_000)).toEqual([]);
    expect(watch.tick(start + 61_001)).toEqual([
      { sensor_id: 'attic', state: 'silent', previous: 'anomaly', at: at(61) },
    ]);
    expect(watch.tick(start + 70_000)).toEqual([]);
    expect(watch.see(reading(70, 1), start + 70_000)).toMatchObject({ state: 'anomaly', previous: 'silent' });
  });

  test('takes what is long past for silent from the start', () => {
    const watch = createAlertWatch(60_000);
    expect(watch.see(reading(1, 1), start + 3600_000)).toMatchObject({ state: 'silent', previous: null });
  });
});
