import { describe, expect, test } from 'vitest';
import { zoomAround } from './zoom-window.ts';

const window = { from: '2026-11-22T10:00:00.000Z', to: '2026-11-22T10:10:00.000Z' };
const nowMs = Date.parse('2026-11-22T12:00:00.000Z');

describe('zoomAround', () => {
  test('keeps the time under the pointer in place', () => {
    const atMs = Date.parse('2026-11-22T10:02:00.000Z');
    expect(zoomAround(window, { factor: 0.5, atMs, nowMs })).toEqual({
      from: '2026-11-22T10:01:00.000Z',
      to: '2026-11-22T10:06:00.000Z',
    });
  });

  test('widens into the past if it would end in the future', () => {
    const atMs = Date.parse('2026-11-22T10:05:00.000Z');
    expect(zoomAround(window, { factor: 2, atMs, nowMs: Date.parse(window.to) })).toEqual({
      from: '2026-11-22T09:50:00.000Z',
      to: '2026-11-22T10:10:00.000Z',
    });
  });

  test('is limited to between one second and 400 days', () => {
    const atMs = Date.parse(window.from);
    const shortest = zoomAround(window, { factor: 1e-9, atMs, nowMs });
    expect(Date.parse(shortest.to) - Date.parse(shortest.from)).toBe(1000);
    const longest = zoomAround(window, { factor: 1e9, atMs, nowMs });
    expect(Date.parse(longest.to) - Date.parse(longest.from)).toBe(400 * 86_400_000);
  });
});
