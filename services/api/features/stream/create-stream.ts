import type { ModelEvent } from '@sensor-sentinel/contracts';
import type { Response } from 'express';
import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { ApiError } from '../../http/errors.ts';
import type { ModelsInUse } from '../models/models-in-use.ts';
import { toReadingEvent } from '../readings/reading-row.ts';
import { listNewestReadings } from '../sensors/newest-arrivals.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { createAlertWatch, maxWatchedSensors } from './alert-watch.ts';
import { joinClient } from './join-client.ts';
import { createStreamClient, createStreamClients, type StreamClients } from './stream-clients.ts';
import { createRecentEvents, formatEvent, formatHeartbeat, type RecentEvents } from './stream-events.ts';
import { startTailer, type Tailer, type TypedDelivery } from './tailer.ts';

const maxRecentEvents = 5000;

const headers = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

interface StreamOptions {
  /** For events that clients have missed. */
  pool: Pool;
  /** For new readings. */
  following: Pool;
  log: Logger;
  now: () => Date;
  types: TypeRegistry;
  inUse: ModelsInUse;
  silentAfterMs: number;
  maxStreams: number;
  /** A client with more than this in its buffer is disconnected. */
  maxBufferedBytes: number;
}

interface StreamQuery {
  type: LoadedType;
  sensors: readonly string[] | undefined;
  lastEventId: string | undefined;
}

export type Stream = ReturnType<typeof createStream>;

/** Live events of all replicas, for all clients of this process. */
export function createStream(options: StreamOptions) {
  const { pool, inUse, maxStreams, maxBufferedBytes } = options;
  let broadcast: Broadcast | undefined;
  let starting: Promise<Broadcast> | undefined;
  let isClosed = false;
  const clients = createStreamClients(() => broadcast?.tailer.position());
  const recent = createRecentEvents(maxRecentEvents);
  const toModelEvent = (type: string): ModelEvent => ({ type, model: inUse.active(type)?.name ?? null });
  inUse.onServe((type) => clients.announce('model', toModelEvent(type)));

  async function start(): Promise<Broadcast> {
    try {
      broadcast = await startBroadcast({ ...options, pool: options.following, clients, recent });
      return broadcast;
    } catch (error) {
      starting = undefined;
      throw error;
    }
  }

  function stopIfUnused(): void {
    if (broadcast === undefined || (clients.count() > 0 && !isClosed)) return;
    broadcast.stop();
    broadcast = undefined;
    starting = undefined;
  }

  function requireCapacity(): void {
    if (clients.count() < maxStreams && !isClosed) return;
    const detail = isClosed
      ? 'The API is stopping. Try again in a second.'
      : `All ${maxStreams} streams are in use. Close one, or try again in 10 seconds.`;
    throw new ApiError('overloaded', { detail, retryAfterSeconds: isClosed ? 1 : 10 });
  }

  return {
    /** Writes events to the response until either side ends it. @throws ApiError before the first event */
    async open(response: Response, { type, sensors, lastEventId }: StreamQuery): Promise<void> {
      requireCapacity();
      const client = createStreamClient({ response, type: type.name, sensors, maxBufferedBytes });
      clients.add(client);
      response.once('close', () => {
        clients.remove(client);
        stopIfUnused();
      });
      starting ??= start();
      const { tailer } = await starting;
      if (client.isGone()) return stopIfUnused();
      response.writeHead(200, headers);
      client.write(`retry: 2000\n\n${formatEvent({ event: 'model', data: toModelEvent(type.name) })}`);
      if (isClosed) return client.end();
      await joinClient(lastEventId, { pool, type, tailer, recent, client });
    },
    /** Call after a commit of this process: its readings are published without waiting for the next poll. */
    wake: () => broadcast?.tailer.wake(),
    /** Ends every stream and refuses new ones. */
    close(): void {
      isClosed = true;
      clients.endAll();
      stopIfUnused();
    },
  };
}

const alertTickMs = 1000;
const heartbeatMs = 15_000;

/** Runs while there are clients. */
interface Broadcast {
  tailer: Tailer;
  stop: () => void;
}

interface BroadcastOptions {
  pool: Pool;
  types: TypeRegistry;
  log: Logger;
  now: () => Date;
  silentAfterMs: number;
  clients: StreamClients;
  recent: RecentEvents;
}

/** Sends every client new readings, changes of a sensor's state, and heartbeats. @throws StorageError */
async function startBroadcast(options: BroadcastOptions): Promise<Broadcast> {
  const { pool, types, log, now, silentAfterMs, clients, recent } = options;
  const alerts = createAlertWatch(silentAfterMs);

  /** The types of these rows are loaded. */
  function onDeliveries(deliveries: readonly TypedDelivery[]): void {
    const events = deliveries.map(({ row, type, position }) => ({
      seq: row.seq,
      type: type.name,
      sensorId: row.sensor_id,
      text: formatEvent({ event: 'reading', data: toReadingEvent(type, row), position }),
    }));
    recent.push(events);
    clients.forEachLive((client) => client.send(events));
    for (const { row, type } of deliveries) {
      const change = alerts.see({ ...row, type: type.name }, now().getTime());
      if (change) clients.announce('alert', change);
    }
  }

  const newest = await listNewestReadings(pool, maxWatchedSensors);
  const watched = [];
  for (const row of newest) watched.push({ ...row, type: (await types.requireById(row.type)).name });
  alerts.start(watched, now().getTime());
  const tailer = await startTailer({ pool, types, log, onDeliveries });
  const ticking = setInterval(() => {
    for (const change of alerts.tick(now().getTime())) clients.announce('alert', change);
  }, alertTickMs).unref();
  const beating = setInterval(() => {
    const text = formatHeartbeat(tailer.position());
    clients.forEachLive((client) => void client.write(text));
  }, heartbeatMs).unref();
  return {
    tailer,
    stop() {
      tailer.stop();
      clearInterval(ticking);
      clearInterval(beating);
    },
  };
}
