import { expect, test } from 'vitest';
import { toFeedbackIds } from './use-feedback.ts';

const rowIds = Array.from({ length: 230 }, (_, index) => String(index));

test('toFeedbackIds takes whole blocks, and at most a hundred rows', () => {
  expect(toFeedbackIds(rowIds, { startIndex: 3, endIndex: 20 })).toEqual(rowIds.slice(0, 50));
  expect(toFeedbackIds(rowIds, { startIndex: 45, endIndex: 62 })).toEqual(rowIds.slice(0, 100));
  expect(toFeedbackIds(rowIds, { startIndex: 210, endIndex: 229 })).toEqual(rowIds.slice(200, 230));
  expect(toFeedbackIds(rowIds, { startIndex: 0, endIndex: 170 })).toHaveLength(100);
  expect(toFeedbackIds(rowIds, null)).toEqual([]);
});
