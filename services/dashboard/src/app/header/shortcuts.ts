import { timeRanges } from '../../features/time/time-range.ts';
import { scaleWindow, shiftWindow, type TimeWindow } from '../../features/time/time-window.ts';
import { localZoneName, utcZoneName } from '../../features/time/zone.ts';
import {
  goHistorical,
  goLive,
  pause,
  toShownWindow,
  zoom,
} from '../../features/url-state/time-transitions.ts';
import type { TimeState, UrlState } from '../../features/url-state/url-state.ts';

interface Shortcut {
  key: string;
  title: string;
  /** The change of the URL state; null if the shortcut only opens something or moves the focus. */
  change: ((state: UrlState, nowMs: number) => UrlState) | null;
}

type ChangeTime = (time: TimeState, nowMs: number) => TimeState;

function ofTime(key: string, title: string, change: ChangeTime): Shortcut {
  return { key, title, change: (state, nowMs) => ({ ...state, time: change(state.time, nowMs) }) };
}

function ofWindow(key: string, title: string, choose: typeof zoomIn): Shortcut {
  return ofTime(key, title, (time, nowMs) => zoom(time, choose(toShownWindow(time, nowMs), nowMs), nowMs));
}

const zoomIn = (window: TimeWindow, nowMs: number) => scaleWindow(window, 0.5, nowMs);
const zoomOut = (window: TimeWindow, nowMs: number) => scaleWindow(window, 2, nowMs);
const goEarlier = (window: TimeWindow, nowMs: number) => shiftWindow(window, -0.5, nowMs);
const goLater = (window: TimeWindow, nowMs: number) => shiftWindow(window, 0.5, nowMs);

export const helpKey = '?';
export const sensorsKey = 's';
export const startKey = 't';

/** Single-key shortcuts on pages with a time window. */
export const shortcuts: readonly Shortcut[] = [
  ofTime('l', 'Live', (time) => goLive(time)),
  ofTime('p', 'Pause or resume', (time, nowMs) => (time.mode === 'live' ? pause(time, nowMs) : goLive(time))),
  ofTime('h', 'History: keep the current window', (time, nowMs) =>
    goHistorical(time, toShownWindow(time, nowMs)),
  ),
  ...timeRanges.map(({ name, title }, index) =>
    ofTime(String(index + 1), `Last ${title}`, (time) => goLive(time, name)),
  ),
  ofWindow('[', 'Earlier', goEarlier),
  ofWindow(']', 'Later', goLater),
  ofWindow('+', 'Zoom in', zoomIn),
  ofWindow('-', 'Zoom out', zoomOut),
  { key: startKey, title: 'Enter start and end', change: null },
  { key: sensorsKey, title: 'Select sensors', change: null },
  {
    key: 'z',
    title: 'Switch between UTC and local time',
    change: (state) => ({ ...state, zone: state.zone === utcZoneName ? localZoneName : utcZoneName }),
  },
];

/** Elements that handle keys themselves. */
const takesKeys =
  'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable="true"], [role="combobox"]';

interface PressedKey {
  target: EventTarget | null;
  defaultPrevented: boolean;
  altKey: boolean;
  ctrlKey: boolean;
  metaKey: boolean;
}

/** Whether a key is for the page, rather than for the focused element, the browser or a dialog. */
export function isForPage({ target, defaultPrevented, altKey, ctrlKey, metaKey }: PressedKey): boolean {
  if (defaultPrevented || altKey || ctrlKey || metaKey) return false;
  if (document.querySelector('[role="dialog"], [popover]:popover-open') !== null) return false;
  return !(target instanceof Element && target.closest(takesKeys) !== null);
}
