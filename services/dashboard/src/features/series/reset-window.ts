import { toDurationMs } from '../time/time-range.ts';
import { scaleWindow, type TimeWindow, toWindow } from '../time/time-window.ts';
import type { TimeState } from '../url-state/url-state.ts';

interface ResetOptions {
  /** The window before the first zoom in history mode, if known. */
  origin: TimeWindow | null;
  nowMs: number;
}

function contains(outer: TimeWindow, inner: TimeWindow): boolean {
  return (
    outer.from <= inner.from && inner.to <= outer.to && (outer.from !== inner.from || outer.to !== inner.to)
  );
}

/** The window before zooming; null if there is nothing to reset. */
export function toResetWindow(time: TimeState, { origin, nowMs }: ResetOptions): TimeWindow | null {
  if (time.mode === 'live') return null;
  if (time.mode === 'historical')
    return origin !== null && contains(origin, time) ? origin : scaleWindow(time, 2, nowMs);
  const pausedMs = Date.parse(time.pausedAt);
  return toWindow(pausedMs - toDurationMs(time.range), pausedMs);
}
