import { isZoneName, localZoneName } from '../time/zone.ts';

const storageKey = 'sensor-sentinel-zone';

/** The zone that was chosen last. Browsers may refuse storage altogether: then it is the local one. */
export function loadZoneName(window: Window): string {
  try {
    const name = window.localStorage.getItem(storageKey);
    return name !== null && isZoneName(name) ? name : localZoneName;
  } catch {
    return localZoneName;
  }
}

export function saveZoneName(window: Window, name: string): void {
  try {
    window.localStorage.setItem(storageKey, name);
  } catch {
    return;
  }
}
