import { describe, expect, test } from 'vitest';
import { arrangeSensors, type LedgerOrder, type LedgerSensor } from './arrange-sensors.ts';

function toSensor(sensor_id: string, late: number, last_seen: string | null): LedgerSensor {
  const counts = { accepted: 0, stored: 0, duplicates: 0, conflicts: 0, rejected: 0, gaps: 0 };
  return { sensor_id, ...counts, late, first_seen: last_seen, last_seen };
}

const sensors = [
  toSensor('hall-10', 3, '2026-11-22T10:00:00.000Z'),
  toSensor('Hall-9', 7, null),
  toSensor('attic', 3, '2026-11-22T11:00:00.000Z'),
];

function arrange(order: LedgerOrder, search = ''): string[] {
  return arrangeSensors(sensors, order, search).map(({ sensor_id }) => sensor_id);
}

describe('arrangeSensors', () => {
  test('sorts names in numeric order', () => {
    expect(arrange({ column: 'sensor_id', isDescending: false })).toEqual(['attic', 'Hall-9', 'hall-10']);
  });

  test('sorts counts, and ties by name', () => {
    expect(arrange({ column: 'late', isDescending: true })).toEqual(['Hall-9', 'attic', 'hall-10']);
  });

  test('puts nulls first, and last in descending order', () => {
    expect(arrange({ column: 'last_seen', isDescending: false })).toEqual(['Hall-9', 'hall-10', 'attic']);
    expect(arrange({ column: 'last_seen', isDescending: true })).toEqual(['attic', 'hall-10', 'Hall-9']);
  });

  test('ignores case, and does not modify its input', () => {
    expect(arrange({ column: 'sensor_id', isDescending: false }, ' HALL ')).toEqual(['Hall-9', 'hall-10']);
    expect(sensors[0]?.sensor_id).toBe('hall-10');
  });
});
