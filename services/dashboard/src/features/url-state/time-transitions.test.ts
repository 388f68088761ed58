import { describe, expect, test } from 'vitest';
import { goHistorical, goLive, pause, toQueryWindow, toShownWindow, zoom } from './time-transitions.ts';
import type { TimeState } from './url-state.ts';

const nowMs = Date.parse('2026-11-22T10:15:00.000Z');
const live: TimeState = { mode: 'live', range: '15m' };
const window = { from: '2026-11-22T10:01:00.000Z', to: '2026-11-22T10:02:00.000Z' };

describe('the time state', () => {
  test('ends now in live mode, and is queried without an end', () => {
    expect(toShownWindow(live, nowMs)).toEqual({
      from: '2026-11-22T10:00:00.000Z',
      to: '2026-11-22T10:15:00.000Z',
    });
    expect(toQueryWindow(live, nowMs)).toEqual({ from: '2026-11-22T10:00:00.000Z', to: undefined });
  });

  test('keeps the window when paused, and the time of the pause', () => {
    expect(pause(live, nowMs)).toEqual({
      mode: 'paused',
      range: '15m',
      from: '2026-11-22T10:00:00.000Z',
      to: '2026-11-22T10:15:00.000Z',
      pausedAt: '2026-11-22T10:15:00.000Z',
    });
  });

  test('pauses on zoom; a second zoom keeps the time of the pause', () => {
    const once = zoom(live, window, nowMs);
    expect(once).toMatchObject({ mode: 'paused', ...window, pausedAt: '2026-11-22T10:15:00.000Z' });
    const twice = zoom(once, { from: window.from, to: '2026-11-22T10:01:30.000Z' }, nowMs + 60_000);
    expect(twice).toMatchObject({ to: '2026-11-22T10:01:30.000Z', pausedAt: '2026-11-22T10:15:00.000Z' });
  });

  test('stays historical on zoom', () => {
    const historical = goHistorical(live, {
      from: '2026-11-21T00:00:00.000Z',
      to: '2026-11-22T00:00:00.000Z',
    });
    expect(zoom(historical, window, nowMs)).toEqual({ mode: 'historical', range: '15m', ...window });
  });

  test('goes live with the previous or another range', () => {
    expect(goLive(pause(live, nowMs))).toEqual(live);
    expect(goLive(pause(live, nowMs), '6h')).toEqual({ mode: 'live', range: '6h' });
  });
});
