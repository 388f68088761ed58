import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  addMonths,
  isSameMonth,
  listWeeks,
  toDay,
  toDayText,
  toDayTitle,
  toMonthTitle,
} from './calendar-month.ts';

describe('listWeeks', () => {
  test('has whole weeks from Monday, with every day of the month once', () => {
    const property = fc.property(fc.integer({ min: 0, max: 50_000 }), (day) => {
      const weeks = listWeeks(day);
      const days = weeks.flat();
      expect(weeks.every(([monday = 0]) => new Date(monday * 86_400_000).getUTCDay() === 1)).toBe(true);
      expect(days).toEqual(Array.from(days, (_, index) => (days[0] ?? 0) + index));
      expect(days.includes(day)).toBe(true);
      expect(weeks.every((week) => week.some((each) => isSameMonth(each, day)))).toBe(true);
    });
    fc.assert(property);
  });

  test('has names', () => {
    expect(toMonthTitle(toDay('2026-11-22'))).toBe('November 2026');
    expect(toDayTitle(toDay('2026-11-22'))).toMatch(/^Sunday,? 22 November 2026$/);
  });
});

describe('addMonths', () => {
  test('keeps the day, or uses the last day of the month', () => {
    expect(toDayText(addMonths(toDay('2026-01-31'), 1))).toBe('2026-02-28');
    expect(toDayText(addMonths(toDay('2026-01-15'), -1))).toBe('2025-12-15');
  });
});
