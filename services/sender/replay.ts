import type { ReadingRow } from './read-passes.ts';
import type { Outgoing } from './send-readings.ts';

type Replay = {
  rows: AsyncIterable<ReadingRow>;
  toOutgoing: (row: ReadingRow) => Outgoing;
  sendOne: (outgoing: Outgoing) => Promise<void>;
  /** Resolves when the next row is due. */
  pace: () => Promise<void>;
  /** At most so many readings are in flight. */
  concurrency: number;
  onSent: (row: ReadingRow) => void;
  stop: AbortSignal;
};

/** Resolves once every reading that was sent is answered or given up. */
export async function replay({ rows, toOutgoing, sendOne, pace, concurrency, onSent, stop }: Replay) {
  const inFlight = new Set<Promise<void>>();
  try {
    for await (const row of rows) {
      await pace();
      while (inFlight.size >= concurrency) await Promise.race(inFlight);
      if (stop.aborted) break;
      const sending = sendOne(toOutgoing(row)).finally(() => inFlight.delete(sending));
      inFlight.add(sending);
      onSent(row);
    }
  } finally {
    await Promise.all(inFlight);
  }
}
