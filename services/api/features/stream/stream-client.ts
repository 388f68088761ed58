import type { Writable } from 'node:stream';
import { maxStreamReadings } from '@sensor-sentinel/contracts';

/** More state changes than this within one batch are not sent one by one. */
const maxChanges = 200;
/** How long a client has to read the rest of a stream that was ended. */
const lingerMs = 30_000;

/** One server-sent event (WHATWG HTML, 9.2). JSON has no line breaks. */
export function formatEvent(
  event: 'readings' | 'alert' | 'incidents' | 'model' | 'refetch',
  json: string,
): string {
  return `event: ${event}\ndata: ${json}\n\n`;
}

export type StreamClient = ReturnType<typeof createStreamClient>;

interface ClientOptions {
  response: Writable;
  /** The name of the type whose readings it receives. */
  type: string;
  /** Undefined: all sensors. */
  sensors: readonly string[] | undefined;
}

/**
 * One open stream. What is to be sent waits for the next batch, and for the client to take the last one. What does not fit into
 * a batch is replaced by a `refetch` event, so a client of any speed costs a bounded amount of memory.
 */
export function createStreamClient({ response, type, sensors }: ClientOptions) {
  const followed = sensors && new Set(sensors);
  let readings: string[] = [];
  let changes: string[] = [];
  let isIncomplete = false;
  let isOpen = false;
  let isStuck = false;

  const isGone = () => response.destroyed || response.writableEnded;
  const write = (text: string) => void (isGone() || response.write(text));

  return {
    /** Without a sensor: whether it follows the type. */
    follows: (ofType: string, sensorId?: string) =>
      ofType === type && (followed === undefined || sensorId === undefined || followed.has(sensorId)),
    isGone,
    /** Writes the beginning of the stream. Batches follow it. */
    open(text: string): void {
      isOpen = true;
      write(text);
    },
    addReading(json: string): void {
      readings.push(json);
      if (readings.length <= maxStreamReadings) return;
      readings.shift();
      isIncomplete = true;
    },
    addChange(text: string): void {
      changes.push(text);
      if (changes.length <= maxChanges) return;
      changes = [];
      isIncomplete = true;
    },
    /** The next batch ends with `refetch`: the client must request the data again. */
    markIncomplete(): void {
      isIncomplete = true;
    },
    /** Sends what waits. */
    sendBatch(): void {
      if (!isOpen || response.writableNeedDrain) return;
      const batch = readings.length > 0 ? [formatEvent('readings', `[${readings.join()}]`)] : [];
      const marker = isIncomplete ? [formatEvent('refetch', '{}')] : [];
      const text = [...batch, ...changes, ...marker].join('');
      if (text !== '') write(text);
      [readings, changes, isIncomplete] = [[], [], false];
    },
    /** Keeps the connection open. A client that has taken nothing since the last call is disconnected. */
    beat(): void {
      if (!isOpen) return;
      if (!response.writableNeedDrain) write(': heartbeat\n\n');
      else if (isStuck) response.destroy();
      isStuck = response.writableNeedDrain;
    },
    end(): void {
      if (isGone()) return;
      response.end();
      setTimeout(() => response.destroy(), lingerMs).unref();
    },
  };
}
