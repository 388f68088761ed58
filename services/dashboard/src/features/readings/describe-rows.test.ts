import { describe, expect, test } from 'vitest';
import { describeRows, toRowsInView } from './describe-rows.ts';

const shown = { first: 50, last: 63, total: 2340, totalLimit: 10_000 };

describe('describeRows', () => {
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

describe('toRowsInView', () => {
  const sizes = { headHeight: 80, rowHeight: 30, rows: 100 };

  test('includes partly visible rows below the header', () => {
    expect(toRowsInView({ scrollTop: 0, clientHeight: 380 }, sizes)).toEqual({ first: 0, last: 9 });
    expect(toRowsInView({ scrollTop: 45, clientHeight: 380 }, sizes)).toEqual({ first: 1, last: 11 });
  });

  test('ends at the last row', () => {
    expect(toRowsInView({ scrollTop: 0, clientHeight: 380 }, { ...sizes, rows: 3 })).toEqual({
      first: 0,
      last: 2,
    });
    expect(toRowsInView({ scrollTop: 0, clientHeight: 380 }, { ...sizes, rows: 0 })).toEqual({
      first: 0,
      last: -1,
    });
  });
});
