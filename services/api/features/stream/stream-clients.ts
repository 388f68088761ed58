import type { RefetchEvent } from '@sensor-sentinel/contracts';
import { formatEvent } from './format-event.ts';
import type { StreamPosition } from './position.ts';
import type { StreamClient } from './stream-client.ts';

/** All connections; whoever does not take what it is given is told to refetch, and dropped. */
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
      // Judged by what it has left of earlier events: one burst may be larger than the bound.
      if (client.isSlow()) drop(client, 'too_slow');
      else write(client);
    }
  }

  return {
    count: () => clients.size,
    add: (client: StreamClient) => void clients.add(client),
    remove: (client: StreamClient) => void clients.delete(client),
    forEachLive,
    /** What is not stored as a reading, to those who ask for the sensor or to all. */
    announce(event: 'alert' | 'model', happened: object, sensorId?: string): void {
      const text = formatEvent({ event, data: happened });
      forEachLive((client) => {
        if (sensorId === undefined || client.asksFor(sensorId)) client.write(text);
      });
    },
    endAll(): void {
      for (const client of clients) client.end();
    },
  };
}

export type StreamClients = ReturnType<typeof createStreamClients>;
