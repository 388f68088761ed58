import { type TimeRangeName, toDurationMs } from '../time/time-range.ts';
import { type TimeWindow, toWindow } from '../time/time-window.ts';
import type { TimeState } from './url-state.ts';

/** The window in view: in live mode the one that ends now. */
export function toShownWindow(time: TimeState, nowMs: number): TimeWindow {
  if (time.mode === 'live') return toWindow(nowMs - toDurationMs(time.range), nowMs);
  return { from: time.from, to: time.to };
}

/** What a query asks for: in live mode the window is open at its end. */
export function toQueryWindow(time: TimeState, nowMs: number): { from: string; to: string | undefined } {
  const { from, to } = toShownWindow(time, nowMs);
  return { from, to: time.mode === 'live' ? undefined : to };
}

export function goLive(time: TimeState, range: TimeRangeName = time.range): TimeState {
  return { mode: 'live', range };
}

export function pause(time: TimeState, nowMs: number): TimeState {
  if (time.mode === 'paused') return time;
  const pausedAt = new Date(nowMs).toISOString();
  return { mode: 'paused', range: time.range, ...toShownWindow(time, nowMs), pausedAt };
}

export function goHistorical(time: TimeState, window: TimeWindow): TimeState {
  return { mode: 'historical', range: time.range, ...window };
}

/** Looks at another window: history stays history, everything else is paused. */
export function zoom(time: TimeState, window: TimeWindow, nowMs: number): TimeState {
  if (time.mode === 'historical') return goHistorical(time, window);
  return { ...pause(time, nowMs), ...window };
}
