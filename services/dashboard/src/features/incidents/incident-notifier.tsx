import type { Incident } from '@sensor-sentinel/contracts';
import { useEffect, useEffectEvent, useState } from 'react';
import { toAlerts } from '../alerts/alert-box.tsx';
import { withType } from '../url-state/url-state.ts';
import { useUrlState } from '../url-state/url-state-context.ts';
import { toIncidentTitle } from './describe-incident.ts';
import { createIncidentWatch } from './incident-watch.ts';
import { useNotificationChoice } from './notification-choice.tsx';
import { useWatchedIncidents } from './use-incidents.ts';

/** Shows a notification of the browser for each new incident of the shown sensor type. Give it the type as `key`. */
export function IncidentNotifier() {
  const { data } = useWatchedIncidents();
  const { state, push } = useUrlState();
  const { refuse } = useNotificationChoice();
  const [watch] = useState(createIncidentWatch);
  const { type } = state;

  const openDetails = (id: string) =>
    push((url) => toAlerts(id)(url.type === type ? url : withType(url, type)));
  const notify = useEffectEvent((incident: Incident) => {
    // Chrome for Android has no constructor of notifications.
    showOnce(incident, () => openDetails(incident.id)).catch(() => refuse('unsupported'));
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
    show(incident, onClick);
    await new Promise<never>(() => {});
  });
}

function show(incident: Incident, onClick: () => void) {
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
