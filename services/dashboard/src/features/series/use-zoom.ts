import { useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { scaleWindow, type TimeWindow, toWindow } from '../time/time-window.ts';
import { fromWallMs, type Zone } from '../time/zone.ts';
import { toShownWindow, zoom } from '../url-state/time-transitions.ts';
import type { TimeState } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';

export type ChooseWindow = (window: TimeWindow, nowMs: number) => TimeWindow;

interface Step {
  before: TimeState;
  window: TimeWindow;
  atMs: number;
}

/** Zooms that follow one another faster than this are one, such as the notches of a wheel. */
const togetherMs = 1000;

/** Changes the time window from the charts: pauses live time, and can go back to the window before. */
export function useZoom() {
  const { state, push, replace } = useUrlState();
  const api = useApi();
  const [steps, setSteps] = useState<readonly Step[]>([]);
  const last = steps.at(-1);
  const isAtLast =
    state.time.mode !== 'live' && last?.window.from === state.time.from && last.window.to === state.time.to;

  function change(choose: ChooseWindow) {
    const nowMs = api.now();
    const window = choose(toShownWindow(state.time, nowMs), nowMs);
    const isTogether = isAtLast && nowMs - last.atMs < togetherMs;
    const step = { before: isTogether ? last.before : state.time, window, atMs: nowMs };
    setSteps([...(isAtLast ? steps.slice(0, isTogether ? -1 : undefined) : []), step]);
    const write = isTogether ? replace : push;
    write((current) => ({ ...current, time: zoom(current.time, window, nowMs) }));
  }

  /** Without a zoom to undo, it zooms out. */
  function back() {
    if (!isAtLast) return change((window, nowMs) => scaleWindow(window, 2, nowMs));
    setSteps(steps.slice(0, -1));
    push((current) => ({ ...current, time: last.before }));
  }

  return { change, back };
}

/** The times are strings, unlike the types of Plotly say. */
interface Relayout {
  'xaxis.range[0]'?: unknown;
  'xaxis.range[1]'?: unknown;
}

/** The window that a person chose by dragging or by the wheel; null if something else changed. */
export function toZoomedWindow(event: Relayout, zone: Zone): TimeWindow | null {
  const [from, to] = [event['xaxis.range[0]'], event['xaxis.range[1]']].map(toPlottedMs);
  if (from == null || to == null) return null;
  return toWindow(Math.round(fromWallMs(from, zone)), Math.round(fromWallMs(to, zone)));
}

/** Plotly writes times as `2026-11-22 15:04:05.123`, with as many digits as needed. */
function toPlottedMs(time: unknown): number | null {
  if (typeof time === 'number') return time;
  if (typeof time !== 'string') return null;
  const isDay = time.length <= '2026-11-22'.length;
  return Date.parse(isDay ? time : `${time.replace(' ', 'T')}Z`);
}
