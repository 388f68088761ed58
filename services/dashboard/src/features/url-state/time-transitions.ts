import { type TimeRangeName, type TimeWindow, toDurationMs, toWindow } from '../time/time-window.ts';
import type { TimeState } from './url-state.ts';

/** The selected window; in live mode it ends now. */
export function toShownWindow(time: TimeState, nowMs: number): TimeWindow {
  if (time.mode === 'live') return toWindow(nowMs - toDurationMs(time.range), nowMs);
  return { from: time.from, to: time.to };
}

/** The window of a query; in live mode it has no end. */
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

/** Selects another window. History mode stays history; other modes become paused. */
export function zoom(time: TimeState, window: TimeWindow, nowMs: number): TimeState {
  if (time.mode === 'historical') return goHistorical(time, window);
  return { ...pause(time, nowMs), ...window };
}
