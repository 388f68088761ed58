import { expect, test } from 'vitest';
import { describeLabelled } from './describe-labelled.ts';

test('describeLabelled says of how many of how many', () => {
  expect(describeLabelled(0, 1)).toBe('truth known of none of 1 reading');
  expect(describeLabelled(3, 1200)).toBe('truth known of 3 of 1\u202f200 readings (0.3 %)');
});

test('describeLabelled never knows more than there is', () => {
  expect(describeLabelled(7, 7)).toBe('truth known of 7 of 7 readings');
  expect(describeLabelled(8, 7)).toBe('truth known of 8 of 8 readings');
});
