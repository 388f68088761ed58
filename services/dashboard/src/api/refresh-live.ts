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
  // Keeps the age of the response, so that a working stream does not hide an API that does not respond.
  if (merged !== state.data) queries.setQueryData(queryKey, merged, { updatedAt: state.dataUpdatedAt });
}

/** A response that was in flight when the readings arrived may not include them. */
async function mergeAfterAnswer(queries: QueryClient, readings: ReadonlyMap<string, ReadingEvent>) {
  await queries.refetchQueries({ queryKey }, { cancelRefetch: false });
  mergeAlerts(queries, readings);
}

/** Refetches the live queries that the batch makes out of date. Queries in flight are restarted. */
export async function refreshLive(
  queries: QueryClient,
  batch: LiveBatch,
  { sensors, nowMs }: { sensors: readonly string[]; nowMs: number },
): Promise<void> {
  mergeAlerts(queries, batch.readings);
  const isAsking = queries.isFetching({ queryKey }) > 0;
  // Each merge restarts the refetch interval of the alerts, which would then never elapse.
  const alertsAt = queries.getQueryState(queryKey)?.dataUpdatedAt ?? 0;
  const isOld = !isAsking && nowMs - alertsAt >= alertsIntervalMs;
  // Not awaited: the alerts contain little that the readings did not.
  if (batch.needsAlerts || batch.hasGap || isOld) void queries.invalidateQueries({ queryKey });
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
