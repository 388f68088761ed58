import { describe, expect, test } from 'vitest';
import { defaultUrlState } from '../url-state/url-state.ts';
import { createTestIncident } from './test-incident.ts';
import { zoomToIncident } from './zoom-to-incident.ts';

const incident = createTestIncident({ sensor_id: 'attic' });

describe('zoomToIncident', () => {
  test('selects the sensor and a minute around the incident', () => {
    const nowMs = Date.parse('2026-03-02T00:00:00.000Z');
    expect(zoomToIncident(incident, nowMs)({ ...defaultUrlState, view: 'alerts' })).toMatchObject({
      view: 'overview',
      sensors: ['attic'],
      time: { mode: 'historical', from: '2026-03-01T09:59:00.000Z', to: '2026-03-01T10:01:03.000Z' },
    });
  });

  test('adds a quarter on both sides of a long incident, but does not end in the future', () => {
    const last_seen_at = '2026-03-01T14:00:00.000Z';
    const long = { ...incident, state: 'firing' as const, cleared_at: null, last_seen_at };
    const nowMs = Date.parse('2026-03-01T14:00:10.000Z');
    expect(zoomToIncident(long, nowMs)(defaultUrlState).time).toMatchObject({
      from: '2026-03-01T09:00:00.000Z',
      to: '2026-03-01T14:00:10.000Z',
    });
  });
});
