import type { ModelEvent } from '@sensor-sentinel/contracts';
import type { Response } from 'express';
import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { ApiError } from '../../http/errors.ts';
import { drained } from '../../http/write-answer.ts';
import type { ModelInUse } from '../models/model-in-use.ts';
import { type Broadcast, startBroadcast } from './broadcast.ts';
import { formatEvent } from './format-event.ts';
import { joinClient } from './join-client.ts';
import { createRecentEvents } from './recent-events.ts';
import { createStreamClient } from './stream-client.ts';
import { createStreamClients } from './stream-clients.ts';

const maxRecentEvents = 5000;

const headers = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

export interface StreamOptions {
  /** For what clients have missed. */
  pool: Pool;
  /** For what happens. */
  following: Pool;
  log: Logger;
  now: () => Date;
  inUse: ModelInUse;
  silentAfterMs: number;
  maxStreams: number;
  /** What may wait for one client before it is told to refetch. */
  maxBufferedBytes?: number;
}

/** Everything that happens, as it happens, for all clients of this process. */
export interface Stream {
  /** Writes events to the response until either side ends. @throws ApiError before the first of them */
  open: (
    response: Response,
    asked: { sensors: readonly string[] | undefined; lastEventId: string | undefined },
  ) => Promise<void>;
  /** This process has committed something. */
  wake: () => void;
  /** Ends every stream and takes no more. */
  close: () => void;
}

export function createStream(options: StreamOptions): Stream {
  const { pool, inUse, maxStreams, maxBufferedBytes = 1_048_576 } = options;
  let broadcast: Broadcast | undefined;
  let starting: Promise<Broadcast> | undefined;
  let isClosed = false;
  const clients = createStreamClients(() => broadcast?.tailer.position());
  const recent = createRecentEvents(maxRecentEvents);
  const toModelEvent = (): ModelEvent => ({ model: inUse.active()?.name ?? null });
  inUse.onServe(() => clients.announce('model', toModelEvent()));

  async function start(): Promise<Broadcast> {
    try {
      broadcast = await startBroadcast({ ...options, pool: options.following, clients, recent });
      return broadcast;
    } catch (error) {
      starting = undefined;
      throw error;
    }
  }

  function stopWhereUnused(): void {
    if (broadcast === undefined || (clients.count() > 0 && !isClosed)) return;
    broadcast.stop();
    broadcast = undefined;
    starting = undefined;
  }

  function refuseTooMany(): void {
    if (clients.count() < maxStreams && !isClosed) return;
    const detail = isClosed ? 'The server is stopping.' : `${maxStreams} streams are open already.`;
    throw new ApiError('overloaded', { detail, retryAfterSeconds: isClosed ? 1 : 10 });
  }

  return {
    async open(response, { sensors, lastEventId }) {
      refuseTooMany();
      const client = createStreamClient({ response, sensors, maxBufferedBytes });
      clients.add(client);
      response.once('close', () => {
        clients.remove(client);
        stopWhereUnused();
      });
      starting ??= start();
      const { tailer } = await starting;
      if (client.isGone()) return stopWhereUnused();
      response.writeHead(200, headers);
      client.write(`retry: 2000\n\n${formatEvent({ event: 'model', data: toModelEvent() })}`);
      if (isClosed) return client.end();
      const isDrained = () => drained(response);
      await joinClient(lastEventId, { pool, tailer, recent, client, drained: isDrained });
    },
    wake: () => broadcast?.tailer.wake(),
    close() {
      isClosed = true;
      clients.endAll();
      stopWhereUnused();
    },
  };
}
