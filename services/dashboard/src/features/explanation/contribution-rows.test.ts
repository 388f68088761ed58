import { climateType } from '@sensor-sentinel/contracts';
import { describe, expect, test } from 'vitest';
import { toContributionRows } from './contribution-rows.ts';

const contributions = [
  { feature: 'temperature', value: 27.8, contribution: 0.05 },
  { feature: 'humidity', value: 51.25, contribution: -0.2 },
  { feature: 'pressure_hpa', value: 1013, contribution: 0 },
];

describe('toContributionRows', () => {
  test('sorts by absolute contribution', () => {
    expect(
      toContributionRows(contributions, climateType.features).map(({ feature, tone, share }) => [
        feature,
        tone,
        share,
      ]),
    ).toEqual([
      ['humidity', 'normal', 1],
      ['temperature', 'anomaly', 0.25],
      ['pressure_hpa', 'none', 0],
    ]);
  });

  test('titles known features and keeps the names of others', () => {
    expect(
      toContributionRows(contributions, climateType.features).map(({ title, value }) => `${title} ${value}`),
    ).toEqual(['Humidity 51.25 %', 'Temperature 27.8 °C', 'pressure hpa 1013.0']);
  });

  test('has no bars without contributions', () => {
    const [row] = toContributionRows([{ feature: 'humidity', value: 50, contribution: 0 }], []);
    expect(row).toMatchObject({ share: 0, tone: 'none', contribution: '0.0000' });
  });
});
