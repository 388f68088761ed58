import { type Incident, maxIncidents } from '@sensor-sentinel/contracts';
import {
  keepPreviousData,
  useInfiniteQuery,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import type { IncidentChange } from '../../api/alerting.ts';
import { useApi } from '../../api/api-context.ts';
import { idleIntervalMs, refreshIntervalMs, toRefreshPolicy } from '../../api/refresh-policy.ts';
import { toQueryWindow } from '../url-state/time-transitions.ts';
import { useSensorType, useUrlState } from '../url-state/url-state-context.ts';
import { useWindowQuery } from '../url-state/use-window-query.ts';

/** Incidents per page of the list. */
const pageIncidents = 50;

/** Incidents that ended sooner are short. */
export const shortMs = 10_000;

/** The incidents of the selected window and sensors, firing ones first; more pages are fetched on demand. */
export function useIncidents() {
  const api = useApi();
  const { time, sensors, type, incidentList } = useUrlState().state;
  const { sort, order, state, rule, hasShort } = incidentList;
  const isLive = time.mode === 'live';
  return useInfiniteQuery({
    queryKey: ['incidents', 'list', isLive ? time.range : [time.from, time.to], sensors, type, incidentList],
    queryFn: ({ pageParam, signal }) => {
      const page = { limit: pageIncidents, cursor: pageParam ?? undefined };
      const window = toQueryWindow(time, api.now());
      const filters = {
        ...{ sort, order, state: state ?? undefined, rule: rule ?? undefined },
        min_length: hasShort ? undefined : `${shortMs}ms`,
      };
      return api.getIncidents({ ...window, type, sensor_id: sensors, ...filters, ...page }, signal);
    },
    initialPageParam: null as string | null,
    getNextPageParam: (page) => page.next_cursor,
    select: ({ pages }) => ({
      incidents: toDistinct(pages.flatMap(({ incidents }) => incidents)),
      firing: pages[0]?.counts.firing ?? 0,
      short: pages[0]?.counts.short ?? 0,
    }),
    placeholderData: keepPreviousData,
    ...toRefreshPolicy(isLive),
  });
}

/** An incident that changed between two requests may be on both pages. */
function toDistinct(incidents: readonly Incident[]): Incident[] {
  return [...new Map(incidents.map((incident) => [incident.id, incident])).values()];
}

/** The names of the rules of the shown type. */
export function useRuleNames(): readonly string[] {
  const api = useApi();
  const { name } = useSensorType();
  const { data } = useQuery({
    queryKey: ['rules', 'names'],
    queryFn: ({ signal }) => api.getRules(signal),
    refetchInterval: idleIntervalMs,
  });
  return data?.rules.filter(({ type }) => type === name).map((rule) => rule.name) ?? [];
}

/** The incidents of the window, one page, for the charts. */
export function useShownIncidents() {
  return useWindowQuery({
    route: 'incidents',
    get: (api) => api.getIncidents,
    params: { limit: maxIncidents },
    everyMs: idleIntervalMs,
    isAnnounced: true,
  });
}

/** One incident, in its present state. */
export function useIncident(id: string, known: Incident | undefined) {
  const api = useApi();
  return useQuery({
    queryKey: ['incidents', 'one', id],
    queryFn: ({ signal }) => api.getIncident(id, signal),
    placeholderData: () => known && { ...known, peak: null },
    refetchInterval: refreshIntervalMs,
  });
}

/** Acknowledges, comments on or resolves an incident, or gives feedback on it. */
export function useIncidentChange(id: string) {
  const api = useApi();
  const queries = useQueryClient();
  return useMutation({
    networkMode: 'always',
    mutationFn: (change: IncidentChange) => api.changeIncident(id, change),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['alerts'] }),
        queries.invalidateQueries({ queryKey: ['incidents'] }),
        queries.invalidateQueries({ queryKey: ['feedback'] }),
        queries.invalidateQueries({ queryKey: ['accuracy'] }),
      ]),
  });
}
