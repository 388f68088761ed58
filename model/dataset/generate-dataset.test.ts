import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rowOf } from '../matrix.ts';
import { toCsv } from './dataset.ts';
import {
  drawLabeledReadings,
  generateDataset,
  generateReadings,
  toStretchesCsv,
} from './generate-dataset.ts';

const committed = new URL('../data/dataset.csv', import.meta.url);

describe('generateDataset', () => {
  test('makes the committed file, byte for byte', () => {
    expect(toCsv(generateDataset()) === readFileSync(committed, 'utf8')).toBe(true);
  });

  test('has no duplicates and keeps nearly all rows', () => {
    const { features, labels } = generateDataset();
    const rows = Array.from(labels, (label, i) => [...rowOf(features, i), label].join());
    expect(new Set(rows).size).toBe(rows.length);
    expect(rows.length).toBeGreaterThan(3950);
    expect(rows.length).toBeLessThanOrEqual(4000);
  });

  test('gives another dataset for another seed', () => {
    expect(generateDataset({ seed: 1 }).labels).not.toEqual(generateDataset({ seed: 2 }).labels);
  });
});

describe('drawLabeledReadings', () => {
  const { features, labels } = drawLabeledReadings({ rows: 50_000, seed: 11 });

  function columnOf(label: number, column: number) {
    return Array.from(labels.keys())
      .filter((row) => labels[row] === label)
      .map((row) => features.values[row * 3 + column]);
  }
  const meanOf = (values: number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

  test('holds 60 % normal rows, in no order', () => {
    expect(labels.filter((label) => label === 0).length).toBe(30_000);
    expect(meanOf(Array.from(labels.subarray(0, 25_000)))).toBeCloseTo(0.4, 1);
  });

  test.each([
    { name: 'temperature', column: 0, mean: 24, std: 1.5 },
    { name: 'humidity', column: 1, mean: 52, std: 1 },
    { name: 'sound_volume', column: 2, mean: 60, std: 10 },
  ])('draws normal $name with its mean and deviation', ({ column, mean, std }) => {
    const values = columnOf(0, column);
    expect(Math.abs(meanOf(values) - mean)).toBeLessThan(std / 50);
    const variance = meanOf(values.map((value) => (value - mean) ** 2));
    expect(Math.sqrt(variance) / std).toBeCloseTo(1, 1);
  });

  test.each([
    { name: 'temperature', column: 0, low: 19, high: 28 },
    { name: 'humidity', column: 1, low: 40, high: 60 },
    { name: 'sound_volume', column: 2, low: 30, high: 100 },
  ])('draws anomalous $name uniformly', ({ column, low, high }) => {
    const values = columnOf(1, column);
    expect(Math.min(...values)).toBe(low);
    expect(Math.max(...values)).toBe(high);
    expect(Math.abs(meanOf(values) - (low + high) / 2)).toBeLessThan((high - low) / 50);
  });

  test('measures to a tenth', () => {
    expect(features.values.every((value) => value === Number(value.toFixed(1)))).toBe(true);
  });
});

const committedReadings = new URL('../../services/sender/data/readings.csv', import.meta.url);

function toCsvText({ featureNames, features }: ReturnType<typeof generateReadings>) {
  return toCsv({ featureNames, features });
}

function episodesOf(anomalous: Uint8Array): number[] {
  return (Array.from(anomalous).join('').match(/1+/g) ?? []).map((episode) => episode.length);
}

describe('generateReadings', () => {
  test('makes the committed file, byte for byte', () => {
    expect(toCsvText(generateReadings()) === readFileSync(committedReadings, 'utf8')).toBe(true);
  });

  test('makes the committed file of anomalous stretches', () => {
    const committed = new URL('../../services/sender/data/readings-anomalies.csv', import.meta.url);
    expect(toStretchesCsv(generateReadings())).toBe(readFileSync(committed, 'utf8'));
  });

  test('lists the first and the last row of each stretch', () => {
    const anomalous = Uint8Array.from([1, 1, 1, 0, 0, 1, 1, 1]);
    expect(toStretchesCsv({ anomalous })).toBe('first_row,last_row\n0,2\n5,7\n');
  });

  test('has the given number of rows, and anomalies in stretches of 3 to 20', () => {
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
