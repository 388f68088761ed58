import { useEffect, useEffectEvent, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { startFieldId } from '../../features/time/range-form.tsx';
import { useUrlState } from '../../features/url-state/url-state-context.ts';
import { viewWords } from '../../features/url-state/views.ts';
import { helpKey, isForPage, sensorsKey, shortcuts, startKey } from './shortcuts.ts';

const storageKey = 'sensor-sentinel-shortcuts';

/** Storage may be blocked; the choice then lasts until the page is closed. */
function loadChoice(): boolean {
  try {
    return window.localStorage.getItem(storageKey) !== 'off';
  } catch {
    return true;
  }
}

function saveChoice(isOn: boolean) {
  try {
    window.localStorage.setItem(storageKey, isOn ? 'on' : 'off');
  } catch {
    return;
  }
}

/** Handles single-key shortcuts unless they are disabled. `openHelp` shows the list of shortcuts. */
export function useShortcuts(openHelp: () => void) {
  const [isOn, setIsOn] = useState(loadChoice);
  const { state, push } = useUrlState();
  const api = useApi();

  function press(key: string): boolean {
    if (key === helpKey) {
      openHelp();
      return true;
    }
    const shortcut = shortcuts.find((each) => each.key === key);
    if (shortcut === undefined || !viewWords[state.view].hasWindow) return false;
    const { change } = shortcut;
    if (change !== null) push((current) => change(current, api.now()));
    if (key === startKey) document.getElementById(startFieldId)?.focus();
    if (key === sensorsKey) document.querySelector<HTMLElement>('[data-shortcut="sensors"]')?.click();
    return true;
  }

  const onKeyDown = useEffectEvent((event: KeyboardEvent) => {
    if (isForPage(event) && press(event.key.length === 1 ? event.key.toLowerCase() : event.key)) {
      event.preventDefault();
    }
  });

  useEffect(() => {
    if (!isOn) return;
    const listen = (event: KeyboardEvent) => onKeyDown(event);
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [isOn]);

  function choose(next: boolean) {
    saveChoice(next);
    setIsOn(next);
  }

  return { isOn, choose };
}
