import type { ReadingColumns } from './reading-columns.ts';

/** A window of readings costs up to 64 MB. */
const maxWindows = 2;

interface CachedWindow {
  /** What the statistics said when the readings were read. */
  version: string;
  columns: ReadingColumns;
}

/** The readings of the windows that were previewed last. */
export interface WindowCache {
  /** Undefined if the readings are not known, or have changed since. */
  find: (key: string, version: string) => ReadingColumns | undefined;
  put: (key: string, window: CachedWindow) => void;
}

export function createWindowCache(): WindowCache {
  /** The least recently used first. */
  const windows = new Map<string, CachedWindow>();

  function put(key: string, window: CachedWindow): void {
    windows.delete(key);
    windows.set(key, window);
    const [oldest] = windows.keys();
    if (windows.size > maxWindows && oldest !== undefined) windows.delete(oldest);
  }

  return {
    put,
    find(key, version) {
      const window = windows.get(key);
      if (window?.version !== version) {
        windows.delete(key);
        return undefined;
      }
      put(key, window);
      return window.columns;
    },
  };
}
