import type { Alerts, ReadingEvent } from '@sensor-sentinel/contracts';
import type { QueryClient } from '@tanstack/react-query';
import type { LiveBatch } from './live-batch.ts';
import { alertsIntervalMs } from './refresh-policy.ts';
import { withReadings } from './with-readings.ts';

const queryKey = ['alerts'];

function mergeAlerts(queries: QueryClient, readings: ReadonlyMap<string, ReadingEvent>) {
  const state = queries.getQueryState<Alerts>(queryKey);
  if (state?.data === undefined || state.status !== 'success') return;
  const merged = withReadings(state.data, readings);
  // Its age stays that of the answer: a stream that flows does not hide that the API answers nothing.
  if (merged !== state.data) queries.setQueryData(queryKey, merged, { updatedAt: state.dataUpdatedAt });
}

/** An answer that was under way as the readings came may know nothing of them. */
async function mergeAfterAnswer(queries: QueryClient, readings: ReadonlyMap<string, ReadingEvent>) {
  await queries.refetchQueries({ queryKey }, { cancelRefetch: false });
  mergeAlerts(queries, readings);
}

/** Asks again what the batch makes old, never what is fixed. A question that was under way is asked anew. */
export async function refreshLive(
  queries: QueryClient,
  batch: LiveBatch,
  { sensors, nowMs }: { sensors: readonly string[]; nowMs: number },
): Promise<void> {
  mergeAlerts(queries, batch.readings);
  const isAsking = queries.isFetching({ queryKey }) > 0;
  // Each merge begins the interval of the alerts anew, so that they would never be asked for again by themselves.
  const alertsAt = queries.getQueryState(queryKey)?.dataUpdatedAt ?? 0;
  const isOld = !isAsking && nowMs - alertsAt >= alertsIntervalMs;
  // Nothing else waits for their answer, which tells little that the readings have not.
  if (batch.asksAlerts || batch.hasGap || isOld) void queries.invalidateQueries({ queryKey });
  if (isAsking) void mergeAfterAnswer(queries, batch.readings);
  const isInView = (sensor: string) => sensors.length === 0 || sensors.includes(sensor);
  const hasReadings = batch.hasGap || [...batch.readings.keys()].some(isInView);
  await queries.invalidateQueries({
    predicate: ({ meta, queryKey: [route] }) => {
      if (route === 'alerts') return false;
      if (route === 'model' || route === 'models') return batch.hasModel;
      return hasReadings && meta?.isLive === true;
    },
  });
}
