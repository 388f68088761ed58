import type { Writable } from 'node:stream';
import type { AlertEvent, ModelEvent, RefetchEvent } from '@sensor-sentinel/contracts';
import { drained } from '../../http/drained.ts';
import { contains, type FormattedReading, formatEvent, type StreamPosition } from './stream-events.ts';

export type StreamClients = ReturnType<typeof createStreamClients>;

/** All open streams. A client that reads too slowly gets a `refetch` event and is disconnected. */
export function createStreamClients(findPosition: () => StreamPosition | undefined) {
  const clients = new Set<StreamClient>();

  function drop(client: StreamClient, reason: RefetchEvent['reason']): void {
    clients.delete(client);
    const position = findPosition();
    client.end(formatEvent({ event: 'refetch', data: { reason }, ...(position && { position }) }));
  }

  function forEachLive(write: (client: StreamClient) => void): void {
    for (const client of clients) {
      if (!client.isLive()) continue;
      // Checked before the write: a single burst may exceed the limit.
      if (client.isSlow()) drop(client, 'too_slow');
      else write(client);
    }
  }

  return {
    count: () => clients.size,
    add: (client: StreamClient) => void clients.add(client),
    remove: (client: StreamClient) => void clients.delete(client),
    forEachLive,
    /** Sends an event without an id to the clients that follow its sensor, or its type. */
    announce(event: 'alert' | 'model', payload: AlertEvent | ModelEvent): void {
      const text = formatEvent({ event, data: payload });
      const { type } = payload;
      const sensorId = 'sensor_id' in payload ? payload.sensor_id : undefined;
      forEachLive((client) => {
        if (client.follows(type, sensorId)) client.write(text);
      });
    },
    endAll(): void {
      for (const client of clients) client.end();
    },
  };
}

/** How long a client has to read the rest of a stream that was ended. */
const lingerMs = 30_000;

export type StreamClient = ReturnType<typeof createStreamClient>;

interface ClientOptions {
  response: Writable;
  /** The name of the type whose readings it receives. */
  type: string;
  /** Undefined: all sensors. */
  sensors: readonly string[] | undefined;
  maxBufferedBytes: number;
}

export function createStreamClient({ response, type, sensors, maxBufferedBytes }: ClientOptions) {
  const followed = sensors && new Set(sensors);
  let isLive = false;
  let seen: StreamPosition | undefined;

  /** Without a sensor: whether it follows the type. */
  const follows = (ofType: string, sensorId?: string) =>
    ofType === type && (followed === undefined || sensorId === undefined || followed.has(sensorId));
  const isGone = () => response.destroyed || response.writableEnded;
  /** @returns false if the caller should wait for `drain` before it writes more */
  const write = (text: string) => isGone() || response.write(text);

  return {
    type,
    sensors,
    follows,
    isGone,
    /** Whether it receives live events; before that, it receives the events it missed. */
    isLive: () => isLive,
    /** Whether its buffer exceeds `maxBufferedBytes`. */
    isSlow: () => response.writableLength > maxBufferedBytes,
    write,
    /** Resolves when the client has taken what was written, or is gone. */
    drained: () => drained(response),
    /** From now on the client receives live events, except the readings that `before` contains. */
    goLive(before: StreamPosition | undefined): void {
      seen = before;
      isLive = true;
    },
    send(events: readonly FormattedReading[]): void {
      const wanted = events.filter(
        ({ seq, type: ofType, sensorId }) => follows(ofType, sensorId) && !(seen && contains(seen, seq)),
      );
      if (wanted.length > 0) write(wanted.map(({ text }) => text).join(''));
    },
    end(lastEvent = ''): void {
      if (isGone()) return;
      response.end(lastEvent);
      setTimeout(() => response.destroy(), lingerMs).unref();
    },
  };
}
