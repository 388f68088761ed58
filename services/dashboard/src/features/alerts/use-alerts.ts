import type { Alerts, SensorState } from '@sensor-sentinel/contracts';
import { queryOptions, useQuery } from '@tanstack/react-query';
import { useApi } from '../../api/api-context.ts';
import { ApiError } from '../../api/api-error.ts';
import { idleIntervalMs, toRefreshPolicy } from '../../api/refresh-policy.ts';
import { useNow } from '../../ui/use-now.ts';
import { useLiveStream } from '../stream/live-provider.tsx';
import { toClockText } from '../time/format-time.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { type AlertView, loadingView, toAlertView, toUnknownView } from './alert-view.ts';
import { withEvents } from './with-events.ts';

/**
 * The current state of the selected sensors, and their incidents. Follows them in every time mode and in the background, because
 * an outdated "normal" would be wrong.
 */
export function useAlerts() {
  return useQuery(useAlertsQuery());
}

/** The current states of the listed sensors, as pairs of a sensor and its state. Changes only if one of these does. */
export function useSensorStates(): readonly (readonly [string, SensorState])[] {
  return useQuery({ ...useAlertsQuery(), select: toSensorStates }).data ?? noStates;
}

const noStates: readonly (readonly [string, SensorState])[] = [];

function toSensorStates({ sensors }: Alerts) {
  return sensors.map(({ sensor_id, state }) => [sensor_id, state] as const);
}

function useAlertsQuery() {
  const api = useApi();
  const { type, sensors } = useUrlState().state;
  return queryOptions({
    queryKey: ['alerts', type, sensors],
    queryFn: ({ signal }) => api.getAlerts({ type, sensor_id: sensors }, signal),
    ...toRefreshPolicy(true, {
      inBackground: true,
      // The stream keeps the states up to date. The answer is that of this query.
      everyMs: idleIntervalMs,
      apply: (answer, events) => withEvents(answer as Alerts, events, sensors),
    }),
  });
}

interface ApiContact {
  /** Up to when the state is known while it is not known now (0: not at all); null while it is known. */
  lostSince: number | null;
  /** Why, as a part of a sentence. */
  reason: string;
}

/** Without a stream, a visible window asks every 5 s. */
const overdueMs = 12_000;

/** Whether the present state is known. */
export function useApiContact(): ApiContact {
  const nowMs = useNow();
  const { data, error, dataUpdatedAt } = useAlerts();
  const { status } = useLiveStream();
  const isUnheard = status === 'down' || status === 'off';
  const isOverdue = isUnheard && dataUpdatedAt > 0 && nowMs - dataUpdatedAt > overdueMs;
  const isLost = error !== null || isOverdue;
  return { lostSince: isLost ? toKnownAt(data) : null, reason: toReason(error) };
}

function toKnownAt(alerts: Alerts | undefined): number {
  if (alerts === undefined) return 0;
  const { as_of, newest_at } = alerts;
  return Date.parse(newest_at !== null && newest_at > as_of ? newest_at : as_of);
}

function toReason(error: Error | null): string {
  if (!(error instanceof ApiError) || !error.isAnswer) return 'the API does not answer';
  return error.isDatabaseDown ? 'the database does not answer' : error.message;
}

interface Present {
  view: AlertView;
  /** What is known, or was known last. */
  alerts: Alerts | undefined;
  isKnown: boolean;
}

/** The present state, for every place that shows it. */
export function usePresent(): Present {
  const { state, zone } = useUrlState();
  const { data: alerts } = useAlerts();
  const { lostSince, reason } = useApiContact();
  const known = alerts === undefined ? null : toAlertView(alerts, state.sensors);
  if (lostSince === null) return { view: known ?? loadingView, alerts, isKnown: known !== null };
  const knownAt = lostSince === 0 ? null : toClockText(new Date(lostSince), zone);
  return { view: toUnknownView(reason, known, knownAt), alerts, isKnown: false };
}

/** The age of the newest reading of the selected sensors; null if there is none, or it is not known yet. */
export function useNewestAgeMs(): number | null {
  useNow();
  const nowMs = useApi().now();
  const newest = useAlerts().data?.newest_at ?? null;
  return newest === null ? null : Math.max(0, nowMs - Date.parse(newest));
}
