import type { Logger } from 'pino';
import { findAlerts } from '../alerts/find-alerts.ts';
import type { CallbackPool } from '../storage/pool.ts';
import { type ReadingRow, toStoredReading } from '../storage/reading-row.ts';
import { createAlertWatch } from './alert-watch.ts';
import { formatEvent, formatHeartbeat } from './format-event.ts';
import type { RecentEvents } from './recent-events.ts';
import type { Delivery } from './seq-tracker.ts';
import type { StreamClients } from './stream-clients.ts';
import { startTailer, type Tailer } from './tailer.ts';

const alertTickMs = 1000;
const heartbeatMs = 15_000;

interface BroadcastOptions {
  pool: CallbackPool;
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

  function onDeliveries(deliveries: readonly Delivery<ReadingRow>[]): void {
    const readings = deliveries.map(({ row }) => toStoredReading(row));
    const events = deliveries.map(({ row, position }, index) => ({
      seq: row.seq,
      sensorId: row.sensor_id,
      text: formatEvent({ event: 'reading', data: readings[index], position }),
    }));
    recent.push(events);
    clients.forEachLive((client) => client.send(events));
    for (const reading of readings) {
      const change = alerts.see(reading, now().getTime());
      if (change) clients.announce('alert', change, change.sensor_id);
    }
  }

  alerts.start(await findAlerts(pool, { now: now(), silentAfterMs }));
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
