import { createHash } from 'node:crypto';
import { type Incident, toAlertLabels } from '@sensor-sentinel/contracts';
import { type Notification, toAlertsUrl, toEndedAt, toListed } from '../notification.ts';

/** How often firing alerts are sent to an Alertmanager again, as Prometheus does: it keeps them in memory only. */
export const alertmanagerRepeatMs = 60_000;
/** An Alertmanager resolves an alert that is not sent again for this long. */
const resolveAfterMs = 4 * alertmanagerRepeatMs;

/** The body of Alertmanager's `POST /api/v2/alerts`: all incidents. */
export function toAlertmanagerBody({ incidents, externalUrl, nowMs }: Notification) {
  return incidents.map((incident) => {
    const startsAtMs = Math.min(Date.parse(incident.opened_at), nowMs);
    // Alertmanager takes an end in the future for an alert that still fires. The clock of a sensor may be ahead.
    const endedAt = toEndedAt(incident);
    const endsAtMs =
      endedAt === null ? nowMs + resolveAfterMs : Math.max(startsAtMs, Math.min(Date.parse(endedAt), nowMs));
    return {
      ...toAlert(incident, externalUrl),
      startsAt: new Date(startsAtMs).toISOString(),
      endsAt: new Date(endsAtMs).toISOString(),
    };
  });
}

/** The body that an Alertmanager posts to a webhook, version 4. */
export function toWebhookBody(notification: Notification) {
  const { receiver, status, rule, externalUrl } = notification;
  const { listed, more } = toListed(notification);
  const alerts = listed.map((incident) => toWebhookAlert(incident, externalUrl));
  return {
    version: '4',
    groupKey: `{}:{alertname=${JSON.stringify(rule)}}`,
    truncatedAlerts: more,
    status,
    receiver,
    groupLabels: { alertname: rule },
    commonLabels: toCommon(alerts.map(({ labels }) => labels)),
    commonAnnotations: toCommon(alerts.map(({ annotations }) => annotations)),
    externalURL: externalUrl,
    alerts,
  };
}

function toWebhookAlert(incident: Incident, externalUrl: string) {
  const { labels, ...alert } = toAlert(incident, externalUrl);
  return {
    status: incident.state === 'firing' ? 'firing' : 'resolved',
    labels,
    ...alert,
    startsAt: incident.opened_at,
    // The zero time of Go, which an Alertmanager writes for an alert that fires.
    endsAt: toEndedAt(incident) ?? '0001-01-01T00:00:00Z',
    fingerprint: toFingerprint(labels),
  };
}

type Texts = Record<string, string>;

function toAlert(incident: Incident, externalUrl: string) {
  const { summary, description } = incident;
  const labels: Texts = toAlertLabels(incident);
  const annotations: Texts = { summary, description };
  return { labels, annotations, generatorURL: toAlertsUrl(externalUrl, incident) };
}

/** The same for the same labels, in any order. */
function toFingerprint(labels: Texts): string {
  const sorted = Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1));
  return createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 16);
}

function toCommon([first = {}, ...others]: readonly Texts[]): Texts {
  const isCommon = ([name, value]: [string, string]) => others.every((texts) => texts[name] === value);
  return Object.fromEntries(Object.entries(first).filter(isCommon));
}
