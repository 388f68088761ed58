import type { Incident } from '@sensor-sentinel/contracts';
import { type Notification, toNotification } from '../features/notifications/notification.ts';
import type { Receiver } from '../features/notifications/receivers.ts';

export const openedAt = '2026-03-01T12:00:00.000Z';
export const clearedAt = '2026-03-01T12:20:00.000Z';

/** The id of the incident with this number. */
export function toIncidentId(number: number): string {
  return `00000000-0000-8000-8000-${String(number).padStart(12, '0')}`;
}

export function createIncident(number: number, changes: Partial<Incident> = {}): Incident {
  return {
    id: toIncidentId(number),
    rule: 'Too warm',
    type: 'climate',
    sensor_id: `press-${number}`,
    state: 'firing',
    severity: 'warning',
    labels: { severity: 'warning', team: 'cooling' },
    summary: `press-${number}: 3 anomalies in 10 readings`,
    description: '',
    started_at: '2026-03-01T11:59:00.000Z',
    opened_at: openedAt,
    last_seen_at: '2026-03-01T12:10:00.000Z',
    cleared_at: null,
    readings: 10,
    anomalies: 3,
    peak_score: 0.9,
    peak_reading_id: null,
    cause: null,
    acknowledged: null,
    resolved: null,
    comments: [],
    feedback: null,
    ...changes,
  };
}

export function createNotification(incidents: readonly Incident[]): Notification {
  return toNotification({
    id: toIncidentId(999),
    receiver: 'on-call',
    rule: incidents[0]?.rule ?? '',
    incidents,
    externalUrl: 'https://sensors.example/',
    nowMs: Date.parse('2026-03-01T12:30:00.000Z'),
  });
}

export function createReceiver(changes: Partial<Receiver>): Receiver {
  return {
    name: 'on-call',
    severities: ['info', 'warning', 'critical'],
    rules: '*',
    repeat_interval: '4h',
    send_resolved: true,
    group_wait: '0s',
    quiet_hours: [],
    isTrusted: true,
    ...changes,
  };
}
