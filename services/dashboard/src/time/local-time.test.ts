import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fromPlotTime, toInputText, toPlotTime, toShortText, toZoneText } from './local-time.ts';

describe('plot time', () => {
  test('is the wall clock of the viewer', () => {
    const time = new Date(2026, 10, 22, 15, 4, 5, 7);
    expect(toPlotTime(time.toISOString())).toBe('2026-11-22 15:04:05.007');
  });

  test('comes back to the same instant', () => {
    const from = Date.UTC(2001, 0, 1);
    fc.assert(
      fc.property(fc.integer({ min: from, max: from + 50 * 365 * 86_400_000 }), (ms) => {
        const text = toPlotTime(new Date(ms).toISOString());
        const back = fromPlotTime(text);
        expect(back === null ? null : toPlotTime(back)).toBe(text);
      }),
    );
  });

  test('reads the shortened forms Plotly writes', () => {
    expect(fromPlotTime('2026-11-22')).toBe(new Date(2026, 10, 22).toISOString());
    expect(fromPlotTime('2026-11-22 15:04')).toBe(new Date(2026, 10, 22, 15, 4).toISOString());
    expect(fromPlotTime('2026-11-22 15:04:05.1239')).toBe(
      new Date(2026, 10, 22, 15, 4, 5, 123).toISOString(),
    );
  });

  test('refuses what is no time', () => {
    expect(fromPlotTime('3.14')).toBeNull();
    expect(fromPlotTime('2026-13-45 00:00')).toBeNull();
  });
});

test('toInputText has seconds and no zone', () => {
  expect(toInputText(new Date(2026, 0, 2, 3, 4, 5).toISOString())).toBe('2026-01-02T03:04:05');
});

test('toShortText leaves the date out today only', () => {
  const now = new Date(2026, 10, 22, 15, 0, 0);
  expect(toShortText(new Date(2026, 10, 22, 9, 8, 7), now)).toBe('09:08:07');
  expect(toShortText(new Date(2026, 10, 21, 9, 8, 7), now)).toBe('2026-11-21 09:08:07');
});

test('toZoneText names UTC once', () => {
  const now = new Date();
  const inUtc = new Proxy(now, {
    get: (target, key) => (key === 'getTimezoneOffset' ? () => 0 : Reflect.get(target, key)),
  });
  expect(toZoneText('UTC', inUtc)).toBe('UTC');
  expect(toZoneText('Europe/London', inUtc)).toBe('Europe/London (UTC)');
});
