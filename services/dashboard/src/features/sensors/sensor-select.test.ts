import { describe, expect, test } from 'vitest';
import { listSensors } from './sensor-list.tsx';
import { describeSensors } from './sensor-select.tsx';

const many = Array.from({ length: 1000 }, (_, index) => `sensor-${index}`);

describe('listSensors', () => {
  test('puts selected sensors first, then prefix matches, in numeric order', () => {
    const known = ['hall 10', 'hall 2', 'the hall', 'attic'];
    expect(listSensors(known, ['the hall'], 'HALL')).toEqual(['the hall', 'hall 2', 'hall 10']);
    expect(listSensors(known, ['gone'], '')[0]).toBe('gone');
  });

  test('leaves out results of the previous search', () => {
    expect(listSensors(many, ['hall'], ' sensor-999 ')).toEqual(['sensor-999']);
  });
});

test('describeSensors names the first sensor and counts the others', () => {
  expect([[], ['a'], ['a', 'b', 'c']].map(describeSensors)).toEqual(['All sensors', 'a', 'a and 2 more']);
});
