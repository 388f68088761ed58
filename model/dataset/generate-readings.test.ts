import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateReadings } from './generate-readings.ts';
import { toCsv } from './to-csv.ts';

const committed = new URL('../../services/sender/data/readings.csv', import.meta.url);

function toCsvText({ featureNames, features }: ReturnType<typeof generateReadings>) {
  return toCsv({ featureNames, features });
}

function episodesOf(anomalous: Uint8Array): number[] {
  return (Array.from(anomalous).join('').match(/1+/g) ?? []).map((episode) => episode.length);
}

describe('generateReadings', () => {
  test('makes the committed file, byte for byte', () => {
    expect(toCsvText(generateReadings()) === readFileSync(committed, 'utf8')).toBe(true);
  });

  test('has as many rows as asked for, and episodes of 3 to 20', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), (rows, seed) => {
        const { features, anomalous } = generateReadings({ rows, seed });
        expect(features.rows).toBe(rows);
        expect(anomalous.length).toBe(rows);
        for (const length of episodesOf(anomalous)) {
          expect(length).toBeGreaterThanOrEqual(3);
          expect(length).toBeLessThanOrEqual(20);
        }
      }),
    );
  });

  test('draws 8 % of the rows as anomalies, up to two rows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 3000 }), fc.nat(), (rows, seed) => {
        const { anomalous } = generateReadings({ rows, seed });
        const missing = Math.round(rows * 0.08) - anomalous.filter((drawn) => drawn === 1).length;
        expect(missing >= 0 && missing <= 2).toBe(true);
      }),
    );
  });

  test('stays within physical limits', () => {
    const { features } = generateReadings({ rows: 20_000, seed: 4 });
    for (let i = 0; i < features.values.length; i += 3) {
      expect(features.values[i + 1] >= 0 && features.values[i + 1] <= 100).toBe(true);
      expect(features.values[i + 2] >= 0 && features.values[i + 2] <= 200).toBe(true);
    }
  });
});
