import { isZoneName, localZoneName } from '../time/zone.ts';

const storageKey = 'sensor-sentinel-zone';

/** The time zone that was selected last; the local one if storage is blocked. */
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
