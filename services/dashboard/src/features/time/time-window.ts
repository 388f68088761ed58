/** UTC, ISO 8601; `from` is included, `to` is not. */
export interface TimeWindow {
  from: string;
  to: string;
}

const shortestWindowMs = 1000;
const minuteMs = 60_000;

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

/** How far a live window goes back, in the order of the keys 1 to 7. */
export const timeRanges = [
  { name: '5m', title: '5 min', durationMs: 5 * minuteMs },
  { name: '15m', title: '15 min', durationMs: 15 * minuteMs },
  { name: '1h', title: '1 h', durationMs: 60 * minuteMs },
  { name: '6h', title: '6 h', durationMs: 360 * minuteMs },
  { name: '24h', title: '24 h', durationMs: 1440 * minuteMs },
  { name: '2d', title: '2 d', durationMs: 2880 * minuteMs },
  { name: '7d', title: '7 d', durationMs: 7 * 1440 * minuteMs },
] as const;

export type TimeRangeName = (typeof timeRanges)[number]['name'];

export const defaultTimeRange: TimeRangeName = '15m';

export function toDurationMs(name: TimeRangeName): number {
  return timeRanges.find((range) => range.name === name)?.durationMs ?? 15 * minuteMs;
}
