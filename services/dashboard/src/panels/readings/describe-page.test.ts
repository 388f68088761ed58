import { expect, test } from 'vitest';
import { describePage } from './describe-page.ts';

const second = { pageIndex: 1, pageSize: 50, rows: 50, total: 2340, totalLimit: 10_000 };

test('describePage counts from one', () => {
  expect(describePage(second)).toBe('51–100 of 2\u202f340');
  expect(describePage({ ...second, rows: 7, total: 57 })).toBe('51–57 of 57');
});

test('describePage says where the server stopped counting', () => {
  expect(describePage({ ...second, total: 10_000 })).toBe('51–100 of 10\u202f000+');
});

test('describePage of nothing', () => {
  expect(describePage({ ...second, pageIndex: 0, rows: 0, total: 0 })).toBe('0 of 0');
});
