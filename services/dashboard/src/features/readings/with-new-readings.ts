import type { ReadingEvent, StoredReading } from '@sensor-sentinel/contracts';

interface Page {
  readings: StoredReading[];
  total: number;
}

/** The newest page with the readings that have arrived since, the newest first; the same object if there are none. */
export function withNewReadings<P extends Page>(page: P, arrived: readonly ReadingEvent[]): P {
  const [newest] = page.readings;
  const ids = new Set(page.readings.map(({ id }) => id));
  const isNew = ({ id, timestamp }: ReadingEvent) =>
    !ids.has(id) && (newest === undefined || timestamp >= newest.timestamp);
  const added = arrived.filter(isNew).map(({ received_at: _, ...reading }): StoredReading => reading);
  if (added.length === 0) return page;
  // Of equal times, what arrived last comes first.
  const sorted = added.toReversed().toSorted((a, b) => b.timestamp.localeCompare(a.timestamp));
  return { ...page, total: page.total + added.length, readings: [...sorted, ...page.readings] };
}
