import { describe, expect, test } from 'vitest';
import { defaultUrlState } from '../url-state/url-state.ts';
import { describeState, toIncidentTitle, toRemarks, zoomToIncident } from './describe-incident.ts';
import { createTestIncident } from './test-incident.ts';

const acknowledged = { at: '2026-03-01T10:01:00.000Z', by: 'Ada', comment: '' };
const resolved = { at: '2026-03-01T10:05:00.000Z', by: 'Grace' };
const firing = createTestIncident({ state: 'firing', cleared_at: null });

test('toIncidentTitle has the rule and the sensor', () => {
  expect(toIncidentTitle(firing)).toBe('Anomalies, hall');
});

describe('describeState', () => {
  const nowMs = Date.parse('2026-03-01T10:10:00.000Z');

  test('counts an active incident from when it opened', () => {
    const active = { ...firing, opened_at: '2026-03-01T10:07:00.000Z' };
    expect(describeState(active, nowMs)).toBe('Active for 3 min');
    expect(describeState({ ...active, acknowledged }, nowMs)).toBe('Acknowledged, active for 3 min');
  });

  test('has the whole length of one that has ended, by its resolution if a person resolved it', () => {
    expect(describeState(createTestIncident({ acknowledged }), nowMs)).toBe('Cleared after 3 s');
    const cleared_at = '2026-03-01T10:09:00.000Z';
    expect(describeState(createTestIncident({ cleared_at, resolved }), nowMs)).toBe('Resolved after 5 min');
  });

  test('says what a person says that it was', () => {
    expect(describeState(createTestIncident({ feedback: 0 }), nowMs)).toBe('Cleared after 3 s, false alarm');
    expect(describeState({ ...firing, feedback: 1 }, nowMs)).toBe('Active for 10 min, real anomaly');
  });
});

test('toRemarks is in order of time', () => {
  const comments = [{ at: '2026-03-01T10:03:00.000Z', by: 'anonymous', text: 'Fan replaced' }];
  const remarks = toRemarks(createTestIncident({ acknowledged, resolved, comments }));
  expect(remarks.map(({ by, text }) => [by, text])).toEqual([
    ['Ada', 'Acknowledged'],
    ['anonymous', 'Fan replaced'],
    ['Grace', 'Resolved'],
  ]);
  const [first] = toRemarks(createTestIncident({ acknowledged: { ...acknowledged, comment: 'On my way' } }));
  expect(first?.text).toBe('Acknowledged: On my way');
});

describe('zoomToIncident', () => {
  const incident = createTestIncident({ sensor_id: 'attic' });

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
