/** A reading as the text that every client gets. */
export interface FormattedReading {
  seq: number;
  sensorId: string;
  text: string;
}

/** The last events, so that a client which reads the past from the database can be joined to the present. */
export function createRecentEvents(maxEvents: number) {
  let events: FormattedReading[] = [];
  let total = 0;
  return {
    /** How many there ever were. */
    total: () => total,
    push(added: readonly FormattedReading[]): void {
      events = [...events, ...added].slice(-maxEvents);
      total += added.length;
    },
    /** What came after so many; undefined where that is not kept any more. */
    after(count: number): readonly FormattedReading[] | undefined {
      const missing = total - count;
      if (missing > events.length) return undefined;
      return missing === 0 ? [] : events.slice(-missing);
    },
  };
}

export type RecentEvents = ReturnType<typeof createRecentEvents>;
