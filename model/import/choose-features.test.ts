import { describe, expect, test } from 'vitest';
import { chooseFeatures } from './choose-features.ts';

const climate = { name: 'climate', features: ['temperature', 'humidity', 'sound_volume'] };
const pump = { name: 'pump', features: ['flow_rate', 'oil_pressure'] };

function choose(own: string[], { type = climate, names }: { type?: typeof climate; names?: string[] } = {}) {
  const parts = {
    scaler: { kind: 'none' as const },
    classifier: { family: 'logistic-regression' as const, coef: own.map(() => 1), intercept: 0 },
    featureNames: own,
    estimator: 'LogisticRegression',
    version: '1.6.1',
  };
  return chooseFeatures(parts, { type, names, units: undefined }, 'a.pkl').map(({ name }) => name);
}

describe('chooseFeatures', () => {
  test.each<[string[], typeof climate]>([
    [['Temperature (°C)', 'Humidity (%)', 'Sound volume (dB)'], climate],
    [['TEMPERATURE', 'humidity [%]', 'sound-volume'], climate],
    [['Flow rate [l/min]', 'oilPressure'], pump],
    [['FLOW_RATE', 'Oil pressure (bar)'], pump],
  ])('finds the features of the type that the names mean: %j', (own, type) => {
    expect(choose(own, { type })).toEqual(type.features);
  });

  test.each<[string[], typeof climate, string]>([
    [
      ['Temperature (°C)', 'Humidity (%)', 'Noise (dB)'],
      climate,
      'the type climate has no "Noise (dB)"; it has temperature, humidity, sound_volume.',
    ],
    [['t', 'humidity', 'level'], climate, 'the type climate has no "t", "level";'],
    [['Q [l/min]', 'p [bar]'], pump, 'the type pump has no "Q [l/min]", "p [bar]";'],
    [['flow rate', 'oil'], pump, 'the type pump has no "oil";'],
  ])('names those that the type does not have, and --features maps them: %j', (own, type, problem) => {
    expect(() => choose(own, { type })).toThrow(problem);
    expect(() => choose(own, { type })).toThrow(
      `Use --features with the names that the type has, in the order of the model's columns (${own.join(', ')})`,
    );
    expect(choose(own, { type, names: type.features })).toEqual(type.features);
  });
});
