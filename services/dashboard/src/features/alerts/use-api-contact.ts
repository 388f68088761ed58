import { useApi } from '../../api/api-context.ts';
import { alertsStaleAfterMs } from '../../api/refresh-policy.ts';
import { useNow } from '../../ui/use-now.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { useAlerts } from './use-alerts.ts';

export interface ApiContact {
  /** When the API last responded; 0 before the first response. */
  answeredAt: number;
  /** Time of the last response while the API is unavailable (0: none yet); null while it is available. */
  lostSince: number | null;
  reason: string | null;
}

export function useApiContact(): ApiContact {
  const api = useApi();
  const nowMs = useNow();
  const alerts = useAlerts();
  const isFollowing = useUrlState().state.time.mode !== 'historical';
  const alertsAt = alerts.dataUpdatedAt;
  const isOverdue = isFollowing && alertsAt > 0 && nowMs - alertsAt > alertsStaleAfterMs;
  const answeredAt = Math.max(alertsAt, api.answeredAt());
  const isLost = alerts.isError || isOverdue;
  return { answeredAt, lostSince: isLost ? alertsAt : null, reason: alerts.error?.message ?? null };
}
