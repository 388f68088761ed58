import { climateType, type Explanation } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import {
  describeCounterfactual,
  describeRange,
  describeUnusual,
  toByContribution,
} from './explanation-sentences.ts';

const { features } = climateType;
const ranges = {
  temperature: { low: 21, high: 25 },
  humidity: { low: 50.004, high: 53.96 },
  sound_volume: { low: 55, high: 65 },
};
type Name = keyof typeof ranges;

function toPart(feature: Name, value: number | null, contribution: number) {
  return { feature, value, contribution, normal_range: ranges[feature] };
}

const usual = [toPart('temperature', 24, 0.1), toPart('humidity', 52, -0.2), toPart('sound_volume', 60, 0)];
const dry = toPart('humidity', 44.8, 0.3);
const loud = toPart('sound_volume', 85, 0.2);

function explain(
  contributions: Explanation['contributions'],
  changes: Partial<Explanation> = {},
): Explanation {
  return {
    model: 'gradient-boosting-e1332b6a',
    score: 0.97,
    prediction: 1,
    base_value: 0.4,
    background_readings: 100,
    contributions,
    counterfactual: null,
    ...changes,
  };
}

/** The sentences, with plain spaces. */
function unusual(contributions: Explanation['contributions'], changes: Partial<Explanation> = {}): string[] {
  return describeUnusual(explain(contributions, changes), features).map((text) =>
    text.replaceAll('\u00a0', ' '),
  );
}

describe('describeUnusual', () => {
  test('names values outside of their usual ranges, the most important first', () => {
    expect(unusual([toPart('temperature', 24, 0.1), loud, dry])).toEqual([
      'Humidity 44.8 % is below the usual 50.0 to 54.0 %.',
      'Noise level 85.0 dB is above the usual 55.0 to 65.0 dB.',
    ]);
  });

  test('compares values as they are shown', () => {
    expect(unusual([toPart('humidity', 49.96, 0.3)])).toEqual([
      'Humidity 49.96 % is below the usual 50.0 to 54.0 %.',
    ]);
    expect(unusual([toPart('humidity', 49.9999, 0.3)])).toEqual([
      'Each value is in its usual range, but the combination is unusual.',
    ]);
  });

  test('says that the combination is unusual if no value is', () => {
    expect(unusual(usual)).toEqual(['Each value is in its usual range, but the combination is unusual.']);
  });

  test('names missing values', () => {
    expect(unusual([toPart('humidity', null, 0.3)])).toEqual(['Humidity is missing.']);
  });

  test('counts the values beyond the third', () => {
    const strange = ['a', 'b', 'c', 'd', 'e'].map((feature) => ({ ...dry, feature }));
    expect(unusual(strange)).toHaveLength(4);
    expect(unusual(strange).at(-1)).toBe('2 other values are unusual too.');
    expect(unusual(strange.slice(1)).at(-1)).toBe('1 other value is unusual too.');
  });

  test('says of a normal reading what is unusual all the same', () => {
    expect(unusual(usual, { prediction: 0 })).toEqual(['All values are in their usual ranges.']);
    expect(unusual([dry], { prediction: 0 })).toEqual([
      'Humidity 44.8 % is below the usual 50.0 to 54.0 %.',
      'The reading as a whole still looks normal.',
    ]);
  });

  test('names the values that raise the score most if the model has no ranges', () => {
    const bare = [usual[1], dry, loud].map((part) => ({
      feature: 'x',
      value: 1,
      contribution: 0,
      ...part,
      normal_range: undefined,
    }));
    expect(unusual(bare)).toEqual(['Humidity 44.8 % and Noise level 85.0 dB raise the score most.']);
    expect(unusual(bare.slice(0, 2))).toEqual(['Humidity 44.8 % raises the score most.']);
    expect(unusual(bare.slice(0, 1))).toEqual(['No single value stands out.']);
    expect(unusual(bare, { prediction: 0 })).toEqual(['The reading looks normal.']);
  });
});

describe('describeCounterfactual', () => {
  const counterfactual = {
    feature: 'temperature',
    value: 23.4,
    change: -4.4,
    score: 0.1,
    prediction: 0,
  } as const;
  const hot = [toPart('temperature', 27.8, 0.57)];

  function withValue(value: number, change: number): string | null {
    return describeCounterfactual(
      explain(hot, { counterfactual: { ...counterfactual, value, change } }),
      features,
    );
  }

  test('names the value that would have been normal, or an anomaly', () => {
    expect(withValue(23.4, -4.4)).toBe(
      'Temperature at 23.4\u00a0°C instead of 27.8\u00a0°C would be normal.',
    );
    const opposite = { ...counterfactual, prediction: 1 } as const;
    expect(describeCounterfactual(explain(hot, { prediction: 0, counterfactual: opposite }), features)).toBe(
      'Temperature at 23.4\u00a0°C instead of 27.8\u00a0°C would be an anomaly.',
    );
  });

  test('rounds away from the reading, so that the rounded value still changes the prediction', () => {
    expect(withValue(27.79999, -0.00001)).toContain('at 27.799\u00a0°C instead of 27.8\u00a0°C');
    expect(withValue(27.80001, 0.00001)).toContain('at 27.801\u00a0°C instead of 27.8\u00a0°C');
  });

  test('is not affected by binary rounding errors', () => {
    expect(withValue(4.035, -23.765)).toContain('4.035\u00a0°C');
    expect(withValue(32.019, 4.219)).toContain('32.019\u00a0°C');
  });

  test('has the decimals of the feature', () => {
    const rough = features.map((feature) => ({ ...feature, decimals: 0 }));
    const text = describeCounterfactual(explain(hot, { counterfactual }), rough);
    expect(text).toContain('at 23\u00a0°C instead of 28\u00a0°C');
  });

  test('says why no single value would have been normal', () => {
    expect(describeCounterfactual(explain([dry, loud]), features)).toBe('More than one value is abnormal.');
    expect(describeCounterfactual(explain([dry]), features)).toBe(
      'Correcting one value alone would not make this reading normal.',
    );
    expect(describeCounterfactual(explain(usual, { prediction: 0 }), features)).toBeNull();
  });
});

test('toByContribution sorts by size, whatever the sign', () => {
  expect(toByContribution(usual).map(({ feature }) => feature)).toEqual([
    'humidity',
    'temperature',
    'sound_volume',
  ]);
});

test('describeRange has the unit once', () => {
  expect(describeRange(dry, features)).toBe('50.0 to 54.0\u00a0%');
  expect(describeRange({ ...dry, normal_range: undefined }, features)).toBeNull();
});
