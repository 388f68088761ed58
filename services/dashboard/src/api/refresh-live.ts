import type { Alerts, StoredReading } from '@sensor-sentinel/contracts';
import type { QueryClient } from '@tanstack/react-query';
import type { LiveBatch } from './live-batch.ts';
import { refreshIntervalMs } from './refresh-policy.ts';

function isNews(reading: StoredReading | undefined, shown: StoredReading): reading is StoredReading {
  return reading !== undefined && reading.id !== shown.id && reading.timestamp >= shown.timestamp;
}

/** The same alerts with newer readings; the very same where none is newer. */
export function withReadings(alerts: Alerts, readings: ReadonlyMap<string, StoredReading>): Alerts {
  if (!alerts.sensors.some(({ sensor_id, reading }) => isNews(readings.get(sensor_id), reading)))
    return alerts;
  const sensors = alerts.sensors.map((sensor) => {
    const reading = readings.get(sensor.sensor_id);
    return isNews(reading, sensor.reading) ? { ...sensor, reading } : sensor;
  });
  return { ...alerts, sensors };
}

function mergeAlerts(queries: QueryClient, readings: ReadonlyMap<string, StoredReading>) {
  const state = queries.getQueryState<Alerts>(['alerts']);
  if (state?.data === undefined || state.status !== 'success') return;
  const merged = withReadings(state.data, readings);
  // Its age stays that of the answer: a stream that flows does not hide that the API answers nothing.
  if (merged !== state.data) queries.setQueryData(['alerts'], merged, { updatedAt: state.dataUpdatedAt });
}

/** Asks again what the batch makes old, never what is fixed. A question that was under way is asked anew. */
export async function refreshLive(
  queries: QueryClient,
  batch: LiveBatch,
  { sensors, nowMs }: { sensors: readonly string[]; nowMs: number },
): Promise<void> {
  mergeAlerts(queries, batch.readings);
  // Each merge begins the interval of the alerts anew, so that they would never be asked for again by themselves.
  const alertsAt = queries.getQueryState(['alerts'])?.dataUpdatedAt ?? 0;
  const hasAlerts = batch.hasAlert || batch.hasGap || nowMs - alertsAt >= refreshIntervalMs;
  const isInView = (sensor: string) => sensors.length === 0 || sensors.includes(sensor);
  const hasReadings = batch.hasGap || [...batch.readings.keys()].some(isInView);
  await queries.invalidateQueries({
    predicate: ({ meta, queryKey: [route] }) => {
      if (route === 'alerts') return hasAlerts;
      if (route === 'model' || route === 'models') return batch.hasModel;
      return hasReadings && meta?.isLive === true;
    },
  });
}
