import type { Incident } from '@sensor-sentinel/contracts';

/** A cleared incident, for tests. */
export function createTestIncident(changes: Partial<Incident> = {}): Incident {
  return {
    id: '0b9a2a52-6c1c-8d0e-9a5a-2a54f3e0a001',
    rule: 'Anomalies',
    type: 'climate',
    sensor_id: 'hall',
    state: 'cleared',
    severity: 'warning',
    labels: {},
    summary: 'hall: 3 anomalies in 12 readings',
    description: '',
    started_at: '2026-03-01T10:00:00.000Z',
    opened_at: '2026-03-01T10:00:00.000Z',
    last_seen_at: '2026-03-01T10:00:02.000Z',
    cleared_at: '2026-03-01T10:00:03.000Z',
    readings: 12,
    anomalies: 3,
    peak_score: 0.98,
    peak_reading_id: null,
    cause: null,
    acknowledged: null,
    resolved: null,
    comments: [],
    feedback: null,
    ...changes,
  };
}
