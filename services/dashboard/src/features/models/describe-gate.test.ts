import { describe, expect, test } from 'vitest';
import { describeGate, describeGateResult, toAcceptedShare, toGateResult } from './describe-gate.ts';

const gate = {
  readings: 1000,
  changed: 12,
  to_anomaly: 7,
  to_normal: 5,
  changed_share: 0.012,
  max_changed: 0.1,
  checked: true,
  passed: true,
};

describe('describeGate', () => {
  test('says how many predictions would change, and in which direction', () => {
    expect(describeGate(gate)).toBe(
      '12 of the last 1\u202f000 readings would be predicted differently (1.2 %): 7 to anomaly, 5 to normal.',
    );
  });

  test('distinguishes no change from nothing to compare', () => {
    const none = { ...gate, changed: 0, to_anomaly: 0, to_normal: 0, changed_share: 0 };
    expect(describeGate(none)).toBe('None of the last 1\u202f000 readings would be predicted differently.');
    expect(describeGate({ ...none, readings: 0 })).toContain('No scored readings are stored yet');
  });
});

test('describeGateResult names the limit', () => {
  expect(describeGateResult(gate)).toBe('Within the limit: at most 10 % may change.');
  expect(describeGateResult({ ...gate, max_changed: 0.125, passed: false })).toBe(
    'Too many changes: at most 12.5 % may change.',
  );
});

test('a gate without readings is neither passed nor refused', () => {
  const empty = { ...gate, readings: 0, changed: 0, changed_share: 0, checked: false };
  expect(toGateResult(empty)).toBe('not-checked');
  expect(describeGateResult(empty)).toBe('Not checked.');
  expect([gate, { ...gate, passed: false }].map(toGateResult)).toEqual(['passed', 'refused']);
});

test('toAcceptedShare is just above the share that would change', () => {
  const shares = [0.101, 0.3, 0.372, 0.99, 1].map((changed_share) =>
    toAcceptedShare({ ...gate, changed_share }),
  );
  expect(shares).toEqual([0.2, 0.4, 0.4, 1, 1]);
});
