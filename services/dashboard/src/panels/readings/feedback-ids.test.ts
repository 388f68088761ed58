import { expect, test } from 'vitest';
import { toTruthIds } from './truth-ids.ts';

const rowIds = Array.from({ length: 230 }, (_, index) => String(index));

test('toTruthIds takes whole blocks, and of many rows the first hundred', () => {
  expect(toTruthIds(rowIds, { startIndex: 3, endIndex: 20 })).toEqual(rowIds.slice(0, 50));
  expect(toTruthIds(rowIds, { startIndex: 45, endIndex: 62 })).toEqual(rowIds.slice(0, 100));
  expect(toTruthIds(rowIds, { startIndex: 210, endIndex: 229 })).toEqual(rowIds.slice(200, 230));
  expect(toTruthIds(rowIds, { startIndex: 0, endIndex: 170 })).toHaveLength(100);
  expect(toTruthIds(rowIds, null)).toEqual([]);
});
