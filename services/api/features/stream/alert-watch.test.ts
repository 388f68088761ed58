import { describe, expect, test } from 'vitest';
import { toSqlTimestamp } from '../../storage/sql-values.ts';
import { createAlertWatch } from './alert-watch.ts';

const start = Date.parse('2026-03-01T00:00:00.000Z');
const at = (seconds: number) => new Date(start + seconds * 1000).toISOString();

/** A row as read by the tailer; `timestamp` is set by the sensor's clock. */
function row(seq: number, prediction: 0 | 1, times: { received?: number; timestamp?: number } = {}) {
  const { received = seq, timestamp = received } = times;
  const received_at = toSqlTimestamp(at(received));
  const sensor = { type: 'climate', sensor_id: 'attic' };
  return { ...sensor, seq, prediction, received_at, timestamp: toSqlTimestamp(at(timestamp)) };
}

describe('createAlertWatch', () => {
  test('reports only changes, in the order of arrival', () => {
    const watch = createAlertWatch(60_000);
    const states = [row(1, 0), row(2, 0), row(4, 1), row(3, 0), row(5, 1), row(16, 0)].map(
      (reading) => watch.see(reading, start + 20_000)?.state,
    );
    expect(states).toEqual(['normal', undefined, 'anomaly', undefined, undefined, 'normal']);
  });

  test('reports the end of an anomaly with the first normal reading 10 s after it', () => {
    const watch = createAlertWatch(60_000);
    const states = [row(1, 1), row(2, 0), row(5, 1), row(11, 0), row(14, 0), row(15, 0), row(16, 0)].map(
      (reading) => watch.see(reading, start + 20_000)?.state,
    );
    const [until, last] = [[undefined, undefined, undefined, undefined], [undefined]];
    expect(states).toEqual(['anomaly', ...until, 'normal', ...last]);
  });

  test('reports an anomaly after a reading stamped 23 h ahead, at the time it arrived', () => {
    const watch = createAlertWatch(60_000);
    watch.see(row(1, 0, { timestamp: 82_800 }), start + 1000);
    expect(watch.see(row(2, 1), start + 2000)).toEqual({
      type: 'climate',
      sensor_id: 'attic',
      state: 'anomaly',
      previous: 'normal',
      at: at(2),
    });
  });

  test('does not report a sensor as silent because its clock is behind', () => {
    const watch = createAlertWatch(60_000);
    expect(watch.see(row(1, 1, { timestamp: -89 }), start + 1000)?.state).toBe('anomaly');
    expect(watch.tick(start + 2000)).toEqual([]);
  });

  test('reports once that a sensor has become silent, and when', () => {
    const watch = createAlertWatch(60_000);
    watch.see(row(1, 1, { timestamp: 82_800 }), start + 1000);
    expect(watch.tick(start + 61_000)).toEqual([]);
    expect(watch.tick(start + 61_001)).toEqual([
      { type: 'climate', sensor_id: 'attic', state: 'silent', previous: 'anomaly', at: at(61) },
    ]);
    expect(watch.tick(start + 70_000)).toEqual([]);
    const next = row(2, 1, { received: 70 });
    expect(watch.see(next, start + 70_000)).toMatchObject({ state: 'anomaly', previous: 'silent' });
  });

  test('reports a sensor as silent after ten of its usual intervals', () => {
    const watch = createAlertWatch(60_000);
    for (let second = 0; second <= 10; second += 2)
      watch.see(row(second + 1, 0, { received: second }), start);
    expect(watch.tick(start + 30_000)).toEqual([]);
    expect(watch.tick(start + 30_001)).toMatchObject([{ state: 'silent', at: at(30) }]);
  });

  test('reports silent for a reading that arrived long ago', () => {
    const watch = createAlertWatch(60_000);
    expect(watch.see(row(1, 1), start + 3_600_000)).toMatchObject({ state: 'silent', previous: null });
  });

  test('distinguishes sensors with the same name of different types', () => {
    const watch = createAlertWatch(60_000);
    watch.see(row(1, 0), start + 1000);
    const other = { ...row(2, 1), type: 'pump' };
    expect(watch.see(other, start + 2000)).toMatchObject({ type: 'pump', previous: null });
    const unscored = { ...row(3, 0), type: 'pump', prediction: null };
    expect(watch.see(unscored, start + 3000)).toBeUndefined();
    const cellar = { ...unscored, seq: 4, sensor_id: 'cellar' };
    expect(watch.see(cellar, start + 3000)).toMatchObject({ state: 'unscored', previous: null });
    expect(watch.see(row(5, 0), start + 4000)).toBeUndefined();
  });

  test('starts with known states, and ignores readings that arrived before them', () => {
    const watch = createAlertWatch(60_000);
    const memory = { anomaly_at: toSqlTimestamp(at(4)), mean_gap_ms: 6000, gaps: 5, outages: 0 };
    watch.start([{ ...row(5, 0), ...memory }], start + 6000);
    expect(watch.see(row(4, 0), start + 6000)).toBeUndefined();
    expect(watch.see(row(14, 0), start + 14_000)).toBeUndefined();
    expect(watch.see(row(18, 0), start + 18_000)).toMatchObject({ state: 'normal', previous: 'anomaly' });
  });
});
