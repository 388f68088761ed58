import { maxWindowReadings } from '@sensor-sentinel/contracts';

/** The newest entries of a sensor with running sums, so that a share costs the same for any length. Plain JSON. */
export interface ShareWindow {
  /** The time, the hits and the size of each entry, one entry after the other. */
  entries: number[];
  /** Where the oldest entry begins in `entries`. What is before it has left the window. */
  head: number;
  hits: number;
  size: number;
}

/** The last `maxEntries` entries, or those of the last `durationMs`. */
export interface WindowLimits {
  maxEntries: number;
  durationMs: number;
}

const stride = 3;

/** The limits of a window of n readings, or of a duration in ms. */
export function toWindowLimits(window: { readings: number } | { durationMs: number }): WindowLimits {
  if ('readings' in window) return { maxEntries: window.readings, durationMs: Infinity };
  return { maxEntries: maxWindowReadings, durationMs: window.durationMs };
}

export function createShareWindow(): ShareWindow {
  return { entries: [], head: 0, hits: 0, size: 0 };
}

export function addEntry(
  window: ShareWindow,
  { atMs, hits, size }: { atMs: number; hits: number; size: number },
  { maxEntries, durationMs }: WindowLimits,
): void {
  window.entries.push(atMs, hits, size);
  window.hits += hits;
  window.size += size;
  if (window.entries.length - window.head > maxEntries * stride) dropOldest(window);
  dropEntriesUntil(window, atMs - durationMs);
}

/** Drops the entries at or before a time. */
export function dropEntriesUntil(window: ShareWindow, untilMs: number): void {
  while ((window.entries[window.head] ?? Infinity) <= untilMs) dropOldest(window);
}

function dropOldest(window: ShareWindow): void {
  const { entries, head } = window;
  window.hits -= entries[head + 1] ?? 0;
  window.size -= entries[head + 2] ?? 0;
  window.head = head + stride;
  // Moving the rest costs less than one step per dropped entry.
  if (window.head < entries.length / 2) return;
  entries.splice(0, window.head);
  window.head = 0;
}
