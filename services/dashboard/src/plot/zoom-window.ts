import { type TimeWindow, toWindow } from '../time/time-window.ts';

const shortestMs = 1000;
const longestMs = 400 * 86_400_000;

interface ZoomOptions {
  /** Above 1 it widens. */
  factor: number;
  /** The time that stays where it is. */
  atMs: number;
  nowMs: number;
}

/** Widens or narrows a window about a time in it; never ends after `nowMs`. */
export function zoomAround({ from, to }: TimeWindow, { factor, atMs, nowMs }: ZoomOptions): TimeWindow {
  const fromMs = Date.parse(from);
  const lengthMs = Date.parse(to) - fromMs;
  const nextMs = Math.min(longestMs, Math.max(shortestMs, lengthMs * factor));
  const startMs = atMs - ((atMs - fromMs) / lengthMs) * nextMs;
  const endMs = Math.min(nowMs, startMs + nextMs);
  return toWindow(Math.round(endMs - nextMs), Math.round(endMs));
}
