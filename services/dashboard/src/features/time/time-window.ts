/** UTC, ISO 8601; `from` is included, `to` is not. */
export interface TimeWindow {
  from: string;
  to: string;
}

const shortestWindowMs = 1000;

export function toWindow(fromMs: number, toMs: number): TimeWindow {
  return { from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() };
}

/** Widens (`factor` above 1) or narrows a window around its center; it does not end after `nowMs`. */
export function scaleWindow(window: TimeWindow, factor: number, nowMs: number): TimeWindow {
  const fromMs = Date.parse(window.from);
  const toMs = Date.parse(window.to);
  const durationMs = Math.max(shortestWindowMs, (toMs - fromMs) * factor);
  const endMs = Math.min(nowMs, (fromMs + toMs + durationMs) / 2);
  return toWindow(Math.round(endMs - durationMs), Math.round(endMs));
}

/** Moves a window by a share of its length; it does not end after `nowMs`. */
export function shiftWindow(window: TimeWindow, share: number, nowMs: number): TimeWindow {
  const fromMs = Date.parse(window.from);
  const durationMs = Date.parse(window.to) - fromMs;
  const endMs = Math.min(nowMs, fromMs + durationMs * (1 + share));
  return toWindow(Math.round(endMs - durationMs), Math.round(endMs));
}
