import type { Pool } from 'mysql2/promise';
import type { Logger } from 'pino';
import { type ArrivedRow, toReadingEvent } from '../readings/reading-row.ts';
import { listNewestReadings } from '../sensors/newest-arrivals.ts';
import { createAlertWatch, maxWatchedSensors } from './alert-watch.ts';
import { formatEvent, formatHeartbeat } from './format-event.ts';
import type { RecentEvents } from './recent-events.ts';
import type { Delivery } from './seq-tracker.ts';
import type { StreamClients } from './stream-clients.ts';
import { startTailer, type Tailer } from './tailer.ts';

const alertTickMs = 1000;
const heartbeatMs = 15_000;

interface BroadcastOptions {
  pool: Pool;
  log: Logger;
  now: () => Date;
  silentAfterMs: number;
  clients: StreamClients;
  recent: RecentEvents;
}

/** What runs while there is any client. */
export interface Broadcast {
  tailer: Tailer;
  stop: () => void;
}

/** Sends every client what is stored, and what follows from it. @throws ApiError `database_unavailable` */
export async function startBroadcast(options: BroadcastOptions): Promise<Broadcast> {
  const { pool, log, now, silentAfterMs, clients, recent } = options;
  const alerts = createAlertWatch(silentAfterMs);

  function onDeliveries(deliveries: readonly Delivery<ArrivedRow>[]): void {
    const events = deliveries.map(({ row, position }) => ({
      seq: row.seq,
      sensorId: row.sensor_id,
      text: formatEvent({ event: 'reading', data: toReadingEvent(row), position }),
    }));
    recent.push(events);
    clients.forEachLive((client) => client.send(events));
    for (const { row } of deliveries) {
      const change = alerts.see(row, now().getTime());
      if (change) clients.announce('alert', change, change.sensor_id);
    }
  }

  alerts.start(await listNewestReadings(pool, maxWatchedSensors), now().getTime());
  const tailer = await startTailer({ pool, log, onDeliveries });
  const ticking = setInterval(() => {
    for (const change of alerts.tick(now().getTime())) clients.announce('alert', change, change.sensor_id);
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
