import { describe, expect, test } from 'vitest';
import {
  compareOnFeedback,
  compareOnHeldOut,
  describeGate,
  toAcceptedShare,
  toGateReport,
} from './describe-activation.ts';
import { createModel } from './testing/create-model.ts';

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

describe('toGateReport', () => {
  test('names the limit', () => {
    expect(toGateReport(gate)).toEqual({
      result: 'passed',
      title: 'Within the limit: at most 10 % may change.',
    });
    expect(toGateReport({ ...gate, max_changed: 0.125, passed: false })).toEqual({
      result: 'refused',
      title: 'Too many changes: at most 12.5 % may change.',
    });
  });

  test('neither passes nor refuses a gate without readings', () => {
    const empty = { ...gate, readings: 0, changed: 0, changed_share: 0, checked: false };
    expect(toGateReport(empty)).toEqual({ result: 'not-checked', title: 'Not checked.' });
  });
});

test('toAcceptedShare is just above the share that would change', () => {
  const shares = [0.101, 0.3, 0.372, 0.99, 1].map((changed_share) =>
    toAcceptedShare({ ...gate, changed_share }),
  );
  expect(shares).toEqual([0.2, 0.4, 0.4, 1, 1]);
});

describe('compareOnHeldOut', () => {
  test('compares recall and precision of the held-out rows', () => {
    const [inUse, candidate] = [createModel('a', { recall: 0.9 }), createModel('b', { recall: 0.95 })];
    const { metrics, note } = compareOnHeldOut(candidate, inUse);
    expect(metrics).toEqual([
      {
        name: 'Anomalies found (recall)',
        inUse: '90.0 %',
        candidate: '95.0 %',
        change: '+5.0 points',
        isWorse: false,
      },
      {
        name: 'Alarms that are right (precision)',
        inUse: '75.0 %',
        candidate: '75.0 %',
        change: 'no change',
        isWorse: false,
      },
    ]);
    expect(note).toBeNull();
    expect(compareOnHeldOut(inUse, candidate).metrics.map(({ isWorse }) => isWorse)).toEqual([true, false]);
  });

  test('says that an imported model has no held-out rows, and that others were trained on other data', () => {
    const imported = createModel('b', { origin: 'imported' });
    const { metrics, note } = compareOnHeldOut(imported, createModel('a'));
    expect(metrics.map(({ change }) => change)).toEqual(['–', '–']);
    expect(note).toBe('Imported models have no held-out data: b.');
    const other = createModel('c', { data_sha256: '11' });
    expect(compareOnHeldOut(other, createModel('a')).note).toContain('different rows');
  });

  test('has nothing to compare with while no model is in use', () => {
    const { metrics, note } = compareOnHeldOut(createModel('a'), undefined);
    expect(metrics.map(({ inUse, candidate }) => [inUse, candidate])).toEqual([
      ['–', '75.0 %'],
      ['–', '75.0 %'],
    ]);
    expect(note).toBeNull();
  });
});

describe('compareOnFeedback', () => {
  const compared = {
    confusion: { true_positive: 8, false_positive: 2, false_negative: 2, true_negative: 8 },
    accuracy: 0.8,
    precision: 0.8,
    recall: 0.8,
    f1: 0.8,
  };
  const feedback = { readings: 20, candidate: compared, in_use: { ...compared, recall: 0.83 } };

  test('compares both models on the readings with feedback', () => {
    const { title, metrics } = compareOnFeedback(feedback);
    expect(title).toBe('On 20 readings with feedback');
    expect(metrics.map(({ change }) => change)).toEqual(['−3.0 points', 'no change']);
  });

  test('says how much feedback is missing', () => {
    expect(compareOnFeedback({ ...feedback, readings: 19 }).metrics).toEqual([]);
    expect([1, 0].map((readings) => compareOnFeedback({ ...feedback, readings }).note)).toEqual([
      'Only 1 reading with feedback yet. The comparison needs 20.',
      'No reading has feedback yet. The comparison needs 20.',
    ]);
  });
});
