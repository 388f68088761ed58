import { describe, expect, test } from 'vitest';
import { describeLength, toIncidentTitle, toRemarks, toStateTitle } from './describe-incident.ts';
import { createTestIncident } from './test-incident.ts';

const acknowledged = { at: '2026-03-01T10:01:00.000Z', by: 'Ada', comment: '' };
const resolved = { at: '2026-03-01T10:05:00.000Z', by: 'Grace' };
const firing = createTestIncident({ state: 'firing', cleared_at: null });

test('toIncidentTitle has the rule and the sensor', () => {
  expect(toIncidentTitle(firing)).toBe('Anomalies, hall');
});

test('toStateTitle says what an operator has to know', () => {
  expect(toStateTitle(firing)).toBe('Firing');
  expect(toStateTitle({ ...firing, acknowledged })).toBe('Acknowledged');
  expect(toStateTitle(createTestIncident({ acknowledged }))).toBe('Cleared');
  expect(toStateTitle(createTestIncident({ cleared_at: null, resolved }))).toBe('Resolved');
});

describe('describeLength', () => {
  const nowMs = Date.parse('2026-03-01T10:10:00.000Z');

  test('counts a firing incident from when it opened', () => {
    const opened_at = '2026-03-01T10:07:00.000Z';
    expect(describeLength({ ...firing, opened_at }, nowMs)).toBe('firing for 3 min');
  });

  test('is the whole length of one that has ended, by its resolution if a person resolved it', () => {
    expect(describeLength(createTestIncident(), nowMs)).toBe('3 s');
    const cleared_at = '2026-03-01T10:09:00.000Z';
    expect(describeLength(createTestIncident({ cleared_at, resolved }), nowMs)).toBe('5 min');
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
