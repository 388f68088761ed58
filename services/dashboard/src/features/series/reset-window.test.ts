import { describe, expect, test } from 'vitest';
import type { TimeState } from '../url-state/url-state.ts';
import { toResetWindow } from './reset-window.ts';

const nowMs = Date.parse('2026-11-22T12:00:00.000Z');
const zoomed = { from: '2026-11-22T10:01:00.000Z', to: '2026-11-22T10:02:00.000Z' };
const historical: TimeState = { mode: 'historical', range: '15m', ...zoomed };

describe('toResetWindow', () => {
  test('is the live range at the time of the pause', () => {
    const paused: TimeState = {
      mode: 'paused',
      range: '15m',
      ...zoomed,
      pausedAt: '2026-11-22T10:15:00.000Z',
    };
    expect(toResetWindow(paused, { origin: null, nowMs })).toEqual({
      from: '2026-11-22T10:00:00.000Z',
      to: '2026-11-22T10:15:00.000Z',
    });
  });

  test('is the historical window before the first zoom', () => {
    const origin = { from: '2026-11-22T09:00:00.000Z', to: '2026-11-22T11:00:00.000Z' };
    expect(toResetWindow(historical, { origin, nowMs })).toEqual(origin);
  });

  test('is twice as long if that window is unknown or does not contain the current one', () => {
    const twice = { from: '2026-11-22T10:00:30.000Z', to: '2026-11-22T10:02:30.000Z' };
    const other = { from: '2026-11-21T09:00:00.000Z', to: '2026-11-21T11:00:00.000Z' };
    for (const origin of [null, other, zoomed])
      expect(toResetWindow(historical, { origin, nowMs })).toEqual(twice);
  });

  test('is none in live mode', () => {
    expect(toResetWindow({ mode: 'live', range: '15m' }, { origin: null, nowMs })).toBeNull();
  });
});
