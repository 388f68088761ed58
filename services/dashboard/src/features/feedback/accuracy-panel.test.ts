import { expect, test } from 'vitest';
import { describeAnswered } from './accuracy-panel.tsx';

test('describeAnswered has the counts and the share', () => {
  expect(describeAnswered(0, 1)).toBe('0 of 1 reading answered');
  expect(describeAnswered(3, 1200)).toBe('3 of 1\u202f200 readings answered (0.3 %)');
});

test('describeAnswered never has more answers than readings', () => {
  expect(describeAnswered(7, 7)).toBe('7 of 7 readings answered');
  expect(describeAnswered(8, 7)).toBe('8 of 8 readings answered');
});
