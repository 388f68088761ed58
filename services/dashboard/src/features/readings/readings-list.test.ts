import { describe, expect, test } from 'vitest';
import { describeRows } from './readings-list.tsx';

describe('describeRows', () => {
  const inView = { first: 50, last: 63 };

  test('counts from one', () => {
    expect(describeRows(inView, { total: 2340, total_limit: 10_000 })).toBe('51–64 of 2\u202f340');
  });

  test('says when the server stopped counting', () => {
    expect(describeRows(inView, { total: 10_000, total_limit: 10_000 })).toBe('51–64 of 10\u202f000+');
  });

  test('handles an empty table', () => {
    expect(describeRows({ first: 0, last: -1 }, { total: 0, total_limit: 10_000 })).toBe('0 of 0');
  });
});
