import type { Incident, IncidentsPage } from '@sensor-sentinel/contracts';
import { useEffect, useEffectEvent, useState } from 'react';
import { toAlerts } from '../alerts/alert-box.tsx';
import { withType } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { toIncidentTitle } from './describe-incident.ts';
import { useNotificationChoice } from './notification-choice.tsx';
import { useWatchedIncidents } from './use-incidents.ts';

/** Shows a notification of the browser for each new incident of the shown sensor type. Give it the type as `key`. */
export function IncidentNotifier() {
  const { data } = useWatchedIncidents();
  const { state, push } = useUrlState();
  const { refuse } = useNotificationChoice();
  const [watch] = useState(createIncidentWatch);
  const { type } = state;

  const notify = useEffectEvent((incident: Incident) => {
    const openDetails = () =>
      push((url) => toAlerts(incident.id)(url.type === type ? url : withType(url, type)));
    // Chrome for Android has no constructor of notifications.
    showOnce(incident, openDetails).catch(() => refuse('unsupported'));
  });

  useEffect(() => {
    if (data === undefined) return;
    for (const incident of watch(data)) notify(incident);
  }, [data, watch]);

  return null;
}

/** The first window that gets the lock shows the incident, and keeps the lock until it is closed. */
async function showOnce(incident: Incident, onClick: () => void): Promise<void> {
  const name = `sensor-sentinel-incident-${incident.id}`;
  await navigator.locks.request(name, { ifAvailable: true }, async (lock) => {
    if (lock === null) return;
    const notification = new Notification(toIncidentTitle(incident), {
      body: incident.summary,
      tag: incident.id,
    });
    notification.onclick = () => {
      window.focus();
      notification.close();
      onClick();
    };
    await new Promise<never>(() => {});
  });
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
