import { formatEventId, type StreamPosition } from './position.ts';

interface StreamEvent {
  event: 'reading' | 'model' | 'alert' | 'refetch';
  data: unknown;
  /** Where a client that has seen this event resumes. */
  position?: StreamPosition;
}

/** One server-sent event (WHATWG HTML, 9.2). JSON has no line breaks. */
export function formatEvent({ event, data, position }: StreamEvent): string {
  const id = position === undefined ? '' : `id: ${formatEventId(position)}\n`;
  return `event: ${event}\n${id}data: ${JSON.stringify(data)}\n\n`;
}

/** A comment, which keeps the connection open, and the place to resume from although nothing happened. */
export function formatHeartbeat(position: StreamPosition): string {
  return `: heartbeat\nid: ${formatEventId(position)}\n\n`;
}
