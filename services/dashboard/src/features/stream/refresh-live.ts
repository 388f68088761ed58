import type { Alerts, ReadingEvent } from '@sensor-sentinel/contracts';
import type { QueryClient } from '@tanstack/react-query';
import { alertsIntervalMs } from '../../api/refresh-policy.ts';
import { withReadings } from '../alerts/with-readings.ts';
import type { LiveBatch } from './live-batch.ts';

/** The query key of the alerts of a sensor type. */
export function toAlertsKey(type: string | undefined) {
  return ['alerts', type] as const;
}

interface Merge {
  queryKey: ReturnType<typeof toAlertsKey>;
  readings: ReadonlyMap<string, ReadingEvent>;
}

function mergeAlerts(queries: QueryClient, { queryKey, readings }: Merge) {
  const state = queries.getQueryState<Alerts>(queryKey);
  if (state?.data === undefined || state.status !== 'success') return;
  const merged = withReadings(state.data, readings);
  // Keeps the age of the response, so that a working stream does not hide an API that does not respond.
  if (merged !== state.data) queries.setQueryData(queryKey, merged, { updatedAt: state.dataUpdatedAt });
}

/** A response that was in flight when the readings arrived may not include them. */
async function mergeAfterAnswer(queries: QueryClient, merge: Merge) {
  await queries.refetchQueries({ queryKey: merge.queryKey }, { cancelRefetch: false });
  mergeAlerts(queries, merge);
}

interface LiveView {
  sensors: readonly string[];
  type: string | undefined;
  nowMs: number;
}

/** Refetches the live queries that the batch makes out of date. Queries in flight are restarted. */
export async function refreshLive(
  queries: QueryClient,
  batch: LiveBatch,
  { sensors, type, nowMs }: LiveView,
): Promise<void> {
  const queryKey = toAlertsKey(type);
  const merge = { queryKey, readings: batch.readings };
  mergeAlerts(queries, merge);
  const isAsking = queries.isFetching({ queryKey }) > 0;
  // Each merge restarts the refetch interval of the alerts, which would then never elapse.
  const alertsAt = queries.getQueryState(queryKey)?.dataUpdatedAt ?? 0;
  const isOld = !isAsking && nowMs - alertsAt >= alertsIntervalMs;
  // Not awaited: the alerts contain little that the readings did not.
  if (batch.needsAlerts || batch.hasGap || isOld) void queries.invalidateQueries({ queryKey });
  if (isAsking) void mergeAfterAnswer(queries, merge);
  const isInView = (sensor: string) => sensors.length === 0 || sensors.includes(sensor);
  const hasReadings = batch.hasGap || [...batch.readings.keys()].some(isInView);
  await queries.invalidateQueries({
    predicate: ({ meta, queryKey: [route] }) => {
      if (route === 'alerts') return false;
      if (route === 'types' || route === 'model' || route === 'models') return batch.hasModel;
      return hasReadings && meta?.isLive === true;
    },
  });
}
