import { climateType, type Feature } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import {
  findFeature,
  formatValue,
  formatWithUnit,
  toShownFeatures,
  toTitleWithUnit,
} from './format-feature.ts';

const temperature = findFeature(climateType.features, 'temperature');
const rpm: Feature = { name: 'rpm', title: 'Speed', unit: '', min: 0, max: null, decimals: 0 };

describe('formatValue', () => {
  test('has the decimals of the feature', () => {
    expect(formatValue(1450.4, rpm)).toBe('1450');
    expect(formatValue(24.06, temperature)).toBe('24.1');
    expect(formatValue(-0.4, rpm)).toBe('0');
  });

  test.each([
    [1450.44, '1450.4'],
    [24.125, '24.1'],
    [0.0265878, '0.0266'],
    [-0.0000123, '−0.0000123'],
    [0, '0.0'],
  ])(
    'has one decimal, or three digits of a value below 1, without decimals of the feature: %d',
    (value, text) => {
      expect(formatValue(value, { decimals: null })).toBe(text);
    },
  );

  test('is an en dash for a missing value', () => {
    expect(formatValue(null, rpm)).toBe('–');
    expect(formatWithUnit(undefined, temperature)).toBe('–');
  });
});

test('a feature without a unit has none in its title and its values', () => {
  expect([toTitleWithUnit(rpm), formatWithUnit(3, rpm)]).toEqual(['Speed', '3']);
  expect([toTitleWithUnit(temperature), formatWithUnit(3, temperature)]).toEqual([
    'Temperature (°C)',
    '3.0 °C',
  ]);
});

test('findFeature keeps the name of an unknown feature', () => {
  expect(findFeature(climateType.features, 'air_flow')).toMatchObject({ title: 'air flow', unit: '' });
});

test('toShownFeatures has the first six features, or the chosen ones in the order of the type', () => {
  const features = Array.from({ length: 8 }, (_, index) => ({ ...rpm, name: `f${index}` }));
  expect(toShownFeatures(features, [])).toHaveLength(6);
  expect(toShownFeatures(features, ['f7', 'f2']).map(({ name }) => name)).toEqual(['f2', 'f7']);
});
