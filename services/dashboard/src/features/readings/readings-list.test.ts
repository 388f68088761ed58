import { describe, expect, test } from 'vitest';
import { describeRows } from './readings-list.tsx';

describe('describeRows', () => {
  const shown = { first: 50, last: 63, total: 2340, totalLimit: 10_000 };

  test('counts from one', () => {
    expect(describeRows(shown)).toBe('51–64 of 2\u202f340');
  });

  test('says when the server stopped counting', () => {
    expect(describeRows({ ...shown, total: 10_000 })).toBe('51–64 of 10\u202f000+');
  });

  test('handles an empty table', () => {
    expect(describeRows({ ...shown, first: 0, last: -1, total: 0 })).toBe('0 of 0');
  });
});
