import { type TimeWindow, toWindow } from '../time/time-window.ts';

const shortestMs = 1000;
const longestMs = 400 * 86_400_000;

interface ZoomOptions {
  /** Above 1 zooms out. */
  factor: number;
  /** The time that keeps its position. */
  atMs: number;
  nowMs: number;
}

/** Zooms a window around a time in it; it does not end after `nowMs`. */
export function zoomAround({ from, to }: TimeWindow, { factor, atMs, nowMs }: ZoomOptions): TimeWindow {
  const fromMs = Date.parse(from);
  const lengthMs = Date.parse(to) - fromMs;
  const nextMs = Math.min(longestMs, Math.max(shortestMs, lengthMs * factor));
  const startMs = atMs - ((atMs - fromMs) / lengthMs) * nextMs;
  const endMs = Math.min(nowMs, startMs + nextMs);
  return toWindow(Math.round(endMs - nextMs), Math.round(endMs));
}
