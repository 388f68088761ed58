import { describe, expect, test } from 'vitest';
import { describeSensors, findSensors, toggleSensor } from './choose-sensors.ts';

const many = Array.from({ length: 1000 }, (_, index) => `sensor-${index}`);

describe('findSensors', () => {
  test('puts the chosen ones first, then those that begin with the text, by number', () => {
    const known = ['hall 10', 'hall 2', 'the hall', 'attic'];
    expect(findSensors(known, ['the hall'], 'HALL').shown).toEqual(['the hall', 'hall 2', 'hall 10']);
    expect(findSensors(known, ['gone'], '').shown[0]).toBe('gone');
  });

  test('shows a part of a thousand, and finds any', () => {
    expect(findSensors(many, [], '')).toMatchObject({ more: 900 });
    expect(findSensors(many, [], 'sensor-999')).toEqual({ shown: ['sensor-999'], more: 0 });
  });
});

test('toggleSensor adds up to twenty, and takes away', () => {
  expect(toggleSensor(['a'], 'b')).toEqual(['a', 'b']);
  expect(toggleSensor(['a', 'b'], 'a')).toEqual(['b']);
  expect(toggleSensor(many.slice(0, 20), 'another')).toHaveLength(20);
});

test('describeSensors is short', () => {
  expect([[], ['a'], ['a', 'b', 'c']].map(describeSensors)).toEqual(['All sensors', 'a', 'a and 2 more']);
});
