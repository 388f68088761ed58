import { describe, expect, test } from 'vitest';
import { toFeedbackChoices } from './feedback-buttons.tsx';

describe('toFeedbackChoices', () => {
  test.each([0, 1] as const)('y agrees with the prediction %d, and n does not', (prediction) => {
    const choices = toFeedbackChoices(prediction);
    expect(choices.find(({ shortcut }) => shortcut === 'y')?.label).toBe(prediction);
    expect(choices.find(({ shortcut }) => shortcut === 'n')?.label).toBe(1 - prediction);
  });

  test('has both labels, but no shortcut, without a prediction', () => {
    const choices = toFeedbackChoices(null);
    expect(choices.map(({ label, shortcut }) => [label, shortcut])).toEqual([
      [0, undefined],
      [1, undefined],
    ]);
  });
});
