import { describe, expect, test } from 'vitest';
import { conditionForms, findStop, toLevels, toStops } from './condition-fields.ts';

describe('toLevels', () => {
  test('are round numbers from the lowest to the highest value, and a little beyond', () => {
    const levels = toLevels({ min: 20, max: 28 });
    expect([levels[0], levels[1], levels.at(-1)]).toEqual(['19.5', '19.6', '28.5']);
    expect(toLevels({ min: -0.003, max: 0.007 })).toContain('0.0001');
  });

  test('exist for a value that never changes', () => {
    expect(toLevels({ min: 5, max: 5 }).length).toBeGreaterThan(5);
  });
});

describe('findStop', () => {
  const [after] = conditionForms.silent.fields;

  test('finds the nearest stop', () => {
    expect(findStop(['1', '2', '5'], '4', 'number')).toBe(2);
    expect(findStop(['1', '2', '5'], '99', 'number')).toBe(2);
    expect(findStop(['1', '2', '5'], '', 'number')).toBe(0);
  });

  test('compares durations by their ratio', () => {
    const stops = after === undefined ? [] : toStops(after, []);
    expect(stops[findStop(stops, '90s', 'duration')]).toBe('2m');
    expect(stops[findStop(stops, '1h5m', 'duration')]).toBe('1h');
  });
});
