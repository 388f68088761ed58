import type { Fleet, FleetSensor } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { holdOrder, moveCursor } from './fleet-cursor.ts';

const toSensor = (sensor_id: string): FleetSensor => ({
  ...{ sensor_id, state: 'normal', retired: false, newest_at: '2026-11-22T10:10:00.000Z' },
  ...{ silent_after_ms: 1000, count: 0, anomalies: 0, bucket_count: [], bucket_anomalies: [] },
  ...{ incidents: [], more_incidents: 0 },
});

test('holdOrder keeps rows where they are, and puts new ones at the end', () => {
  const sensors = ['c', 'new', 'a', 'b'].map(toSensor);
  expect(holdOrder(sensors, ['a', 'gone', 'b', 'c']).map(({ sensor_id }) => sensor_id)).toEqual([
    'a',
    'b',
    'c',
    'new',
  ]);
});

describe('moveCursor', () => {
  const fromMs = Date.parse('2026-11-22T10:00:00.000Z');
  const range = { fromMs, toMs: fromMs + 600_000 };
  const sensors = Array.from({ length: 30 }, (_, place) => toSensor(`s${place}`));
  const fleet: Fleet = {
    ...{ type: 'climate', from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T10:10:00.000Z' },
    ...{
      as_of: '2026-11-22T12:00:00.000Z',
      start: '2026-11-22T10:00:00.000Z',
      bucket_ms: 60_000,
      buckets: 10,
    },
    ...{ sensors, more: 0 },
  };

  function press(...keys: string[]) {
    const moved = keys.reduce<ReturnType<typeof moveCursor>>((before, name) => {
      const key = name.replace('Ctrl+', '');
      const pressed = { key, ctrlKey: key !== name };
      return moveCursor(before?.mark ?? null, pressed, { fleet, sensors, range }) ?? before;
    }, null);
    return moved && [moved.row, moved.mark.sensor_id, Math.floor((moved.mark.timeMs - fromMs) / 60_000)];
  }

  test.each([
    [['ArrowLeft'], [0, 's0', 8]],
    [['ArrowDown'], [1, 's1', 9]],
    [['ArrowRight'], [0, 's0', 9]],
    [
      ['Home', 'ArrowLeft'],
      [0, 's0', 0],
    ],
    [
      ['Home', 'ArrowRight'],
      [0, 's0', 1],
    ],
    [
      ['Home', 'End', 'ArrowUp'],
      [0, 's0', 9],
    ],
    [
      ['PageDown', 'PageDown', 'ArrowUp'],
      [19, 's19', 9],
    ],
    [
      ['Ctrl+End', 'PageDown'],
      [29, 's29', 9],
    ],
    [
      ['Ctrl+End', 'Ctrl+Home'],
      [0, 's0', 9],
    ],
  ])('%j', (keys, expected) => {
    expect(press(...keys)).toEqual(expected);
  });

  test('leaves other keys alone', () => {
    expect(press('Tab')).toBeNull();
  });
});
