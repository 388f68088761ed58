import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { rowOf } from '../matrix.ts';
import { drawLabelledReadings, generateDataset } from './generate-dataset.ts';
import { toCsv } from './to-csv.ts';

const committed = new URL('../data/dataset.csv', import.meta.url);

describe('generateDataset', () => {
  test('makes the committed file, byte for byte', () => {
    expect(toCsv(generateDataset()) === readFileSync(committed, 'utf8')).toBe(true);
  });

  test('has no row twice and keeps nearly all of them', () => {
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

describe('drawLabelledReadings', () => {
  const { features, labels } = drawLabelledReadings({ rows: 50_000, seed: 11 });

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
