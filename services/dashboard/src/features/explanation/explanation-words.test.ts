import { climateType, type Explanation, type Vote } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { describeCauses, describeCounterfactual, describeVotes } from './explanation-words.ts';

const { features } = climateType;
const explanation: Explanation = {
  model: 'gradient-boosting-e1332b6a',
  score: 0.97,
  prediction: 1,
  base_value: 0.4,
  background_readings: 100,
  contributions: [{ feature: 'temperature', value: 27.8, contribution: 0.57 }],
  counterfactual: { feature: 'temperature', value: 23.4, change: -4.4, score: 0.1, prediction: 0 },
};

function withValue(value: number, change: number): string {
  const counterfactual = { feature: 'temperature', value, change, score: 0.1, prediction: 0 } as const;
  return describeCounterfactual({ ...explanation, counterfactual }, features);
}

describe('describeCounterfactual', () => {
  test('names the feature and both values', () => {
    expect(describeCounterfactual(explanation, features)).toBe(
      'Normal if temperature were 23.4\u00a0°C instead of 27.8\u00a0°C.',
    );
  });

  test('rounds away from the reading, so that the rounded value still flips the prediction', () => {
    expect(withValue(27.79999, -0.00001)).toContain('were 27.799\u00a0°C instead of 27.8\u00a0°C');
    expect(withValue(27.80001, 0.00001)).toContain('were 27.801\u00a0°C instead of 27.8\u00a0°C');
  });

  test('is not affected by binary rounding errors', () => {
    expect(withValue(4.035, -23.765)).toContain('4.035\u00a0°C');
    expect(withValue(32.019, 4.219)).toContain('32.019\u00a0°C');
  });

  test('has the decimals of the feature, rounded away from the reading', () => {
    const rough = features.map((feature) => ({ ...feature, decimals: 0 }));
    expect(describeCounterfactual(explanation, rough)).toContain('were 23\u00a0°C instead of 28\u00a0°C');
  });

  test('says when there is none', () => {
    expect(describeCounterfactual({ ...explanation, counterfactual: null }, features)).toBe(
      'No change to a single feature would change this prediction.',
    );
  });
});

describe('describeVotes', () => {
  const vote = (prediction: 0 | 1): Vote => ({ model: 'm', family: 'f', prediction, score: prediction });

  test('says whether the models agree', () => {
    expect(
      [[1], [0, 0], [1, 1], [0, 1, 0], [1, 1, 0]].map((all) => describeVotes((all as (0 | 1)[]).map(vote))),
    ).toEqual([
      'One model is loaded.',
      'All 2 models predict normal.',
      'All 2 models predict anomaly.',
      '1 of 3 models predicts anomaly.',
      '2 of 3 models predict anomaly.',
    ]);
  });
});

describe('describeCauses', () => {
  const causes = (...contributions: [feature: string, value: number, contribution: number][]) => {
    const given = contributions.map(([feature, value, contribution]) => ({ feature, value, contribution }));
    return describeCauses({ ...explanation, contributions: given }, features);
  };

  test('names the two features that raise the score most', () => {
    expect(causes(['temperature', 20.5, 0.1], ['humidity', 44, 0.3], ['sound_volume', 85, 0.2])).toBe(
      'Raised mostly by humidity (44.0\u00a0%) and noise level (85.0\u00a0dB).',
    );
  });

  test('names no feature that lowers the score', () => {
    expect(causes(['temperature', 20.5, -0.5], ['humidity', 44, 0.3], ['sound_volume', 60, 0])).toBe(
      'Raised mostly by humidity (44.0\u00a0%).',
    );
    expect(causes(['temperature', 24, -0.5])).toBe('No feature raises the score.');
  });
});
