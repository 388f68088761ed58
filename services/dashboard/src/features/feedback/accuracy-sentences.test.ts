import { expect, test } from 'vitest';
import { describeAnswered, describeMissingAnswers } from './accuracy-sentences.ts';

test('describeAnswered has the counts and the share', () => {
  expect(describeAnswered(0, 1)).toBe('0 of 1 reading answered');
  expect(describeAnswered(3, 1200)).toBe('3 of 1\u202f200 readings answered (0.3 %)');
});

test('describeAnswered never has more answers than readings', () => {
  expect(describeAnswered(7, 7)).toBe('7 of 7 readings answered');
  expect(describeAnswered(8, 7)).toBe('8 of 8 readings answered');
});

test('describeMissingAnswers counts up to 20', () => {
  expect(describeMissingAnswers(12)).toBe(
    '12 of 20 answers so far. Percentages are shown from 20 answers on.',
  );
  expect(describeMissingAnswers(19)).toMatch(/^19 of 20 answers so far/);
  expect(describeMissingAnswers(20)).toBeNull();
});
