import { useEffect, useEffectEvent, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { scaleWindow, shiftWindow, type TimeWindow, timeRanges } from '../../features/time/time-window.ts';
import { localZoneName, utcZoneName } from '../../features/time/zone.ts';
import {
  goHistorical,
  goLive,
  pause,
  toShownWindow,
  zoom,
} from '../../features/url-state/time-transitions.ts';
import { type TimeState, type UrlState, viewWords } from '../../features/url-state/url-state.ts';
import { useUrlState } from '../../features/url-state/url-state-context.ts';
import { loadStored, store } from '../../ui/stored-choice.ts';

interface Shortcut {
  key: string;
  title: string;
  /** Changes the URL state, or clicks the button whose `data-shortcut` this is. */
  does: ((state: UrlState, nowMs: number) => UrlState) | 'time' | 'sensors';
}

function ofTime(key: string, title: string, change: (time: TimeState, nowMs: number) => TimeState): Shortcut {
  return { key, title, does: (state, nowMs) => ({ ...state, time: change(state.time, nowMs) }) };
}

function ofWindow(
  key: string,
  title: string,
  choose: (window: TimeWindow, nowMs: number) => TimeWindow,
): Shortcut {
  return ofTime(key, title, (time, nowMs) => zoom(time, choose(toShownWindow(time, nowMs), nowMs), nowMs));
}

export const helpKey = '?';

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
  ofWindow('[', 'Earlier', (window, nowMs) => shiftWindow(window, -0.5, nowMs)),
  ofWindow(']', 'Later', (window, nowMs) => shiftWindow(window, 0.5, nowMs)),
  ofWindow('+', 'Zoom in', (window, nowMs) => scaleWindow(window, 0.5, nowMs)),
  ofWindow('-', 'Zoom out', (window, nowMs) => scaleWindow(window, 2, nowMs)),
  { key: 't', title: 'Choose the time window', does: 'time' },
  { key: 's', title: 'Select sensors', does: 'sensors' },
  {
    key: 'z',
    title: 'Switch between UTC and local time',
    does: (state) => ({ ...state, zone: state.zone === utcZoneName ? localZoneName : utcZoneName }),
  },
];

const storageKey = 'sensor-sentinel-shortcuts';

/** Handles single-key shortcuts unless they are switched off. `openHelp` shows the list of shortcuts. */
export function useShortcuts(openHelp: () => void) {
  const [isOn, setIsOn] = useState(() => loadStored(storageKey) !== 'off');
  const { state, push } = useUrlState();
  const api = useApi();

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (!isForPage(event)) return;
    const does = shortcuts.find(({ key }) => key === event.key.toLowerCase())?.does;
    if (event.key === helpKey) openHelp();
    else if (does === undefined || !viewWords[state.view].hasWindow) return;
    else if (typeof does === 'string') clickButton(does);
    else push((current) => does(current, api.now()));
    event.preventDefault();
  });

  useEffect(() => {
    if (!isOn) return;
    const listen = (event: KeyboardEvent) => onKeyDown(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [isOn]);

  function choose(next: boolean) {
    store(storageKey, next ? 'on' : 'off');
    setIsOn(next);
  }

  return { isOn, choose };
}

function clickButton(name: string) {
  document.querySelector<HTMLElement>(`[data-shortcut="${name}"]`)?.click();
}

/** Elements that handle keys themselves. */
const takesKeys =
  'input:not([type="radio"], [type="checkbox"]), textarea, select, [contenteditable="true"], [role="combobox"]';

/** Whether a key is for the page, rather than for the focused element, the browser or a dialog. */
function isForPage({ target, defaultPrevented, altKey, ctrlKey, metaKey }: KeyboardEvent): boolean {
  if (defaultPrevented || altKey || ctrlKey || metaKey) return false;
  const dialogs = document.querySelectorAll('dialog, [role="dialog"]');
  if ([...dialogs].some((dialog) => dialog.checkVisibility())) return false;
  return !(target instanceof Element && target.closest(takesKeys) !== null);
}
