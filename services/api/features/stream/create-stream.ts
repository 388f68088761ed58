import type { AlertEvent, IncidentsEvent, ModelEvent } from '@sensor-sentinel/contracts';
import type { Response } from 'express';
import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { ApiError } from '../../http/errors.ts';
import { repeat } from '../../repeat.ts';
import type { ModelsInUse } from '../models/models-in-use.ts';
import { toReadingEvent } from '../readings/reading-row.ts';
import { listNewestReadings } from '../sensors/newest-arrivals.ts';
import type { LoadedType } from '../types/sensor-type.ts';
import type { TypeRegistry } from '../types/type-registry.ts';
import { createAlertWatch, maxWatchedSensors } from './alert-watch.ts';
import { createIncidentWatch } from './incident-watch.ts';
import { createStreamClient, formatEvent, type StreamClient } from './stream-client.ts';
import { startTailer, type Tailer, type TypedRow } from './tailer.ts';

const headers = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store, no-transform',
  'X-Accel-Buffering': 'no',
};

interface StreamOptions {
  pool: Pool;
  log: Logger;
  now: () => Date;
  types: TypeRegistry;
  inUse: ModelsInUse;
  silentAfterMs: number;
  maxStreams: number;
}

interface StreamQuery {
  type: LoadedType;
  sensors: readonly string[] | undefined;
}

export type Stream = ReturnType<typeof createStream>;

/** Live events of all replicas, for all clients of this process. */
export function createStream(options: StreamOptions) {
  const { inUse, maxStreams } = options;
  const clients = new Set<StreamClient>();
  let broadcast: Broadcast | undefined;
  let starting: Promise<Broadcast> | undefined;
  let isClosed = false;
  const toModelText = (type: string) => {
    const event: ModelEvent = { type, model: inUse.active(type)?.name ?? null };
    return formatEvent('model', JSON.stringify(event));
  };
  inUse.onServe((type) => {
    const text = toModelText(type);
    for (const client of clients) if (client.follows(type)) client.addChange(text);
  });

  async function start(): Promise<Broadcast> {
    try {
      broadcast = await startBroadcast({ ...options, clients });
      return broadcast;
    } catch (error) {
      starting = undefined;
      throw error;
    }
  }

  function stopIfUnused(): void {
    if (broadcast === undefined || (clients.size > 0 && !isClosed)) return;
    broadcast.stop();
    broadcast = undefined;
    starting = undefined;
  }

  function requireCapacity(): void {
    if (clients.size < maxStreams && !isClosed) return;
    const detail = isClosed
      ? 'The API is stopping. Try again in a second.'
      : `All ${maxStreams} streams are in use. Close one, or try again in 10 seconds.`;
    throw new ApiError('overloaded', { detail, retryAfterSeconds: isClosed ? 1 : 10 });
  }

  return {
    /** Writes events to the response until either side ends it. @throws ApiError before the first event */
    async open(response: Response, { type, sensors }: StreamQuery): Promise<void> {
      requireCapacity();
      const client = createStreamClient({ response, type: type.name, sensors });
      clients.add(client);
      response.once('close', () => {
        clients.delete(client);
        stopIfUnused();
      });
      starting ??= start();
      await starting;
      if (client.isGone()) return stopIfUnused();
      response.writeHead(200, headers);
      client.open(`retry: 2000\n\n${toModelText(type.name)}`);
      if (isClosed) client.end();
    },
    /** Call after a commit of this process: its readings are published without waiting for the next poll. */
    wake: () => broadcast?.tailer.wake(),
    /** Ends every stream and refuses new ones. */
    close(): void {
      isClosed = true;
      for (const client of clients) client.end();
      stopIfUnused();
    },
  };
}

const batchMs = 250;
const alertTickMs = 1000;
const incidentPollMs = 1000;
const heartbeatMs = 15_000;

/** Runs while there are clients. */
interface Broadcast {
  tailer: Tailer;
  stop: () => void;
}

interface BroadcastOptions extends Omit<StreamOptions, 'inUse' | 'maxStreams'> {
  clients: ReadonlySet<StreamClient>;
}

/** Sends every client new readings, changes of a sensor's state and of incidents, and heartbeats. @throws StorageError */
async function startBroadcast(options: BroadcastOptions): Promise<Broadcast> {
  const { pool, types, log, now, silentAfterMs, clients } = options;
  const alerts = createAlertWatch(silentAfterMs);

  function announce(change: AlertEvent | undefined): void {
    if (change === undefined) return;
    const text = formatEvent('alert', JSON.stringify(change));
    for (const client of clients) if (client.follows(change.type, change.sensor_id)) client.addChange(text);
  }

  function addRows(rows: readonly TypedRow[]): void {
    for (const { row, type } of rows) {
      const json = JSON.stringify(toReadingEvent(type, row));
      for (const client of clients) if (client.follows(type.name, row.sensor_id)) client.addReading(json);
      announce(alerts.see({ ...row, type: type.name }, now().getTime()));
    }
  }

  /** Never rejects. */
  async function announceIncidents(): Promise<void> {
    try {
      for (const key of await incidents.findChanged()) {
        const event: IncidentsEvent = { type: (await types.requireById(key)).name };
        const text = formatEvent('incidents', JSON.stringify(event));
        for (const client of clients) if (client.follows(event.type)) client.addChange(text);
      }
    } catch (err) {
      log.warn({ err }, 'the stream cannot read incidents; retrying');
    }
  }

  const incidents = await createIncidentWatch(pool);
  const newest = await listNewestReadings(pool, maxWatchedSensors);
  const watched = [];
  for (const row of newest) watched.push({ ...row, type: (await types.requireById(row.type)).name });
  alerts.start(watched, now().getTime());
  const tailer = await startTailer({
    ...{ pool, types, log },
    onRows: addRows,
    onFailure: () => {
      for (const client of clients) client.markIncomplete();
    },
  });
  const timers = [
    setInterval(() => {
      for (const client of clients) client.sendBatch();
    }, batchMs),
    setInterval(() => {
      for (const change of alerts.tick(now().getTime())) announce(change);
    }, alertTickMs),
    setInterval(() => {
      for (const client of clients) client.beat();
    }, heartbeatMs),
  ];
  for (const timer of timers) timer.unref();
  const polling = repeat({ work: announceIncidents, intervalMs: incidentPollMs });
  return {
    tailer,
    stop() {
      tailer.stop();
      polling.stop();
      for (const timer of timers) clearInterval(timer);
    },
  };
}
