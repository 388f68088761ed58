import { climateType, type RuleInput, ruleSchema } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { describeRule, describeStates } from './describe-rule.ts';

const describeOf = (rule: Omit<RuleInput, 'name'>) =>
  describeRule(ruleSchema.parse({ name: 'Rule', ...rule }), climateType.features);

describe('describeRule', () => {
  test.each([
    [{ kind: 'anomaly_share', window: 10, raise: 0.3 }, '3 of the newest 10 readings are anomalies'],
    [{ kind: 'anomaly_share', window: '5m', raise: 0.5 }, '50 % of the readings of 5 min are anomalies'],
    [{ kind: 'anomalies_in_a_row', count: 5 }, '5 anomalies in a row'],
    [{ kind: 'anomalies_in_a_row', count: 1 }, 'One anomaly'],
    [{ kind: 'score_above', above: 0.9 }, 'The score is above 0.9'],
    [
      { kind: 'feature', feature: 'temperature', above: 28, below: -8 },
      'Temperature is above 28 °C or below −8 °C',
    ],
    [
      { kind: 'feature', feature: 'humidity', outside_limits: true },
      'Humidity is outside the limits of the sensor type',
    ],
    [
      { kind: 'rate_of_change', feature: 'temperature', above: 2, per: '1m' },
      'Temperature changes by more than 2 °C in 1 min',
    ],
    [{ kind: 'stuck', feature: 'humidity', duration: '1h' }, 'Humidity stays the same for 1 h'],
    [{ kind: 'silent', after: '500ms' }, 'No reading for 500 ms'],
    [{ kind: 'silent', intervals: 5 }, 'No reading for 5 times the usual interval'],
    [{ kind: 'late', window: 100, raise: 0.1 }, '10 of the newest 100 readings are late'],
    [{ kind: 'rejected', window: '10m', raise: 0.5 }, '50 % of the readings of 10 min are rejected'],
    [{ kind: 'clock_skew', above: '5m' }, 'The clock is off by more than 5 min'],
  ] as const)('%j', (condition, words) => {
    expect(describeOf({ condition })).toBe(words);
  });

  test('says how long, and on which sensors', () => {
    const condition = { kind: 'anomalies_in_a_row', count: 2 } as const;
    expect(describeOf({ condition, for: '10m', keep_firing_for: '1m30s', sensors: 'attic-*' })).toBe(
      '2 anomalies in a row for 10 min, and 1 min 30 s more after it has ended, on attic-*',
    );
  });
});

test('describeStates names the first sensors of each state, the most urgent first', () => {
  const since = '2026-11-22T10:00:00.000Z';
  const firing = ['a', 'b', 'c', 'd'].map((sensor_id) => ({ sensor_id, state: 'firing' as const, since }));
  const states = [...firing, { sensor_id: 'e', state: 'pending' as const, since }];
  expect(describeStates({ counts: { pending: 1, firing: 5 }, states })).toBe(
    '5 firing: a, b, c and 2 more · 1 pending: e',
  );
  expect(describeStates({ counts: {}, states: [] })).toBeUndefined();
});
