import { expect, test } from 'vitest';
import { describeLabeled } from './describe-labeled.ts';

test('describeLabeled has the counts and the share', () => {
  expect(describeLabeled(0, 1)).toBe('0 of 1 reading labeled');
  expect(describeLabeled(3, 1200)).toBe('3 of 1\u202f200 readings labeled (0.3 %)');
});

test('describeLabeled never labels more readings than there are', () => {
  expect(describeLabeled(7, 7)).toBe('7 of 7 readings labeled');
  expect(describeLabeled(8, 7)).toBe('8 of 8 readings labeled');
});
