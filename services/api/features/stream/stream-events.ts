/** The values of `seq` from `from` to `to`, both included. */
export interface SeqRange {
  from: number;
  to: number;
}

/**
 * How far a client has read: every reading up to `seq`, except those in `holes`. A hole is a range of `seq` without
 * visible rows: its transaction was rolled back, or commits later.
 */
export interface StreamPosition {
  seq: number;
  /** In ascending order. */
  holes: readonly SeqRange[];
}

interface StreamEvent {
  event: 'reading' | 'model' | 'alert' | 'refetch';
  data: unknown;
  /** Where a client that has received this event resumes. */
  position?: StreamPosition;
}

/** One server-sent event (WHATWG HTML, 9.2). JSON has no line breaks. */
export function formatEvent({ event, data, position }: StreamEvent): string {
  const id = position === undefined ? '' : `id: ${formatEventId(position)}\n`;
  return `event: ${event}\n${id}data: ${JSON.stringify(data)}\n\n`;
}

/** A comment that keeps the connection open, and the id to resume from. */
export function formatHeartbeat(position: StreamPosition): string {
  return `: heartbeat\nid: ${formatEventId(position)}\n\n`;
}

/** Keeps the id shorter than its event. An id that leaves out holes is marked, and cannot be resumed from. */
const maxHolesInId = 20;

/** `812`, or with holes `812!700-710!790`. */
export function formatEventId({ seq, holes }: StreamPosition): string {
  const shown = holes
    .slice(-maxHolesInId)
    .map(({ from, to }) => (from === to ? `!${from}` : `!${from}-${to}`));
  return `${seq}${shown.join('')}${holes.length > maxHolesInId ? '!' : ''}`;
}

const idPattern = /^\d{1,15}(?:!\d{1,15}(?:-\d{1,15})?)*$/;

/** Undefined for an id that no stream can be resumed from. */
export function parseEventId(id: string): StreamPosition | undefined {
  if (!idPattern.test(id)) return undefined;
  const [seq = '', ...holes] = id.split('!');
  const ranges = holes.map((hole) => {
    const [from, to = from] = hole.split('-').map(Number);
    return { from: Number(from), to: Number(to) };
  });
  const isRising = ranges.every(
    ({ from, to }, index) => from <= to && to <= Number(seq) && from > (ranges[index - 1]?.to ?? -1),
  );
  return isRising && ranges.length <= maxHolesInId ? { seq: Number(seq), holes: ranges } : undefined;
}

/** Whether a client at this position has received the reading. */
export function contains({ seq, holes }: StreamPosition, readingSeq: number): boolean {
  return readingSeq <= seq && !holes.some(({ from, to }) => from <= readingSeq && readingSeq <= to);
}

/** A reading as the text that every client receives. */
export interface FormattedReading {
  seq: number;
  /** The name of its type. */
  type: string;
  sensorId: string;
  text: string;
}

/** The newest events in memory: they bridge the time between a client's last query and its first live event. */
export function createRecentEvents(maxEvents: number) {
  let events: FormattedReading[] = [];
  let total = 0;
  return {
    /** The number of events ever pushed. */
    total: () => total,
    push(added: readonly FormattedReading[]): void {
      events = [...events, ...added].slice(-maxEvents);
      total += added.length;
    },
    /** The events after the first `count`; undefined if some of them are no longer in memory. */
    after(count: number): readonly FormattedReading[] | undefined {
      const missing = total - count;
      if (missing > events.length) return undefined;
      return missing === 0 ? [] : events.slice(-missing);
    },
  };
}

export type RecentEvents = ReturnType<typeof createRecentEvents>;
