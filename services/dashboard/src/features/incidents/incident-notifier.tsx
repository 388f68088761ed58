import {
  findActiveSilence,
  type Incident,
  type IncidentsPage,
  toAlertLabels,
} from '@sensor-sentinel/contracts';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useEffectEvent, useState } from 'react';
import { useApi } from '../../api/api-context.ts';
import { idleIntervalMs, refreshIntervalMs, toRefreshPolicy } from '../../api/refresh-policy.ts';
import { toIncidentPage } from '../alerts/firing-incidents.tsx';
import { useLiveStream } from '../stream/live-provider.tsx';
import { withType } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { toIncidentTitle } from './describe-incident.ts';
import { playSound, useSound } from './incident-sound.ts';
import { useNotificationChoice } from './notification-choice.tsx';

/** Notifies of each new incident of the shown sensor type, by a notification of the browser, a sound or both. Give it the type as `key`. */
export function IncidentNotifier() {
  const { data } = useWatchedIncidents();
  const { state, push } = useUrlState();
  const { isOn, hasSound, refuse } = useNotificationChoice();
  const [watch] = useState(createIncidentWatch);
  const { type } = state;
  useSound(hasSound);

  const notify = useEffectEvent((incident: Incident) => {
    const openDetails = () =>
      push((url) => toIncidentPage(incident.id)(url.type === type ? url : withType(url, type)));
    const announce = () => {
      if (hasSound) playSound();
      if (isOn) show(incident, openDetails);
    };
    // Chrome for Android has no constructor of notifications.
    once(incident, announce).catch(() => refuse('unsupported'));
  });

  useEffect(() => {
    if (data === undefined) return;
    for (const incident of watch(data)) notify(incident);
  }, [data, watch]);

  return null;
}

/** How many new ones notify at once. */
const watchedIncidents = 20;

/** The incidents of all sensors that fire and that no silence matches. The stream says when to ask again, also in the background. */
function useWatchedIncidents() {
  const api = useApi();
  const { type } = useUrlState().state;
  const { status } = useLiveStream();
  return useQuery({
    queryKey: ['incidents', 'watched', type],
    queryFn: async ({ signal }): Promise<Page> => {
      const firing = { state: 'firing', limit: watchedIncidents };
      const [{ incidents, next_cursor }, { silences }] = await Promise.all([
        api.getIncidents({ type, ...firing }, signal),
        api.getSilences(signal),
      ]);
      const isHeard = (incident: Incident) =>
        findActiveSilence(toAlertLabels(incident), silences) === undefined;
      return { incidents: incidents.filter(isHeard), next_cursor };
    },
    ...toRefreshPolicy(true, { inBackground: true, everyMs: idleIntervalMs }),
    refetchInterval: status === 'open' ? idleIntervalMs : refreshIntervalMs,
  });
}

/** The first window that gets the lock announces the incident, and keeps the lock until it is closed. */
async function once({ id }: Incident, announce: () => void): Promise<void> {
  await navigator.locks.request(`sensor-sentinel-incident-${id}`, { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    announce();
    await new Promise<never>(() => {});
  });
}

function show(incident: Incident, onClick: () => void): void {
  const notification = new Notification(toIncidentTitle(incident), {
    body: incident.summary,
    tag: incident.id,
  });
  notification.onclick = () => {
    window.focus();
    notification.close();
    onClick();
  };
}

type Page = Pick<IncidentsPage, 'incidents' | 'next_cursor'>;

/**
 * @returns a function that finds, in pages of firing incidents, those that began to fire after the first page and that nobody
 * has acknowledged; oldest first
 */
export function createIncidentWatch(): (page: Page) => Incident[] {
  const known = new Set<string>();
  let since: string | null = null;

  function isNew({ id, opened_at, acknowledged }: Incident): boolean {
    return since !== null && opened_at >= since && !known.has(id) && acknowledged === null;
  }

  return ({ incidents, next_cursor }) => {
    const found = incidents.filter(isNew);
    for (const { id } of incidents) known.add(id);
    // When incidents on this page end, older ones move up from the next page: these are not new.
    since ??= next_cursor === null ? '' : (incidents.at(-1)?.opened_at ?? '');
    return found.toReversed();
  };
}
