import { createMatrix, type Matrix } from '../matrix.ts';
import type { Dataset } from './dataset.ts';
import { cleanRows } from './parse-dataset.ts';
import { createRandom, type Random, shuffledIndices } from './random.ts';
import { drawAnomalousReading, drawNormalReading, sensorFeatureNames } from './sensor-features.ts';

const normalShare = 0.6;

/**
 * Synthetic labeled readings in random order: 60 % normal and 40 % anomalous, drawn from the distributions of
 * `sensorFeatures`, which overlap. Duplicates are kept, so that a metric on these rows estimates its value on
 * the distribution.
 */
export function drawLabeledReadings({ rows, seed }: { rows: number; seed: number }): Dataset {
  const random = createRandom(seed);
  const normals = Math.round(rows * normalShare);
  const drawn = Array.from({ length: rows }, (_, i) =>
    i < normals ? drawNormalReading(random) : drawAnomalousReading(random),
  );
  const order = shuffledIndices(rows, random);
  return {
    featureNames: sensorFeatureNames,
    features: toMatrix(Array.from(order, (index) => drawn[index])),
    labels: Uint8Array.from(order, (index) => Number(index >= normals)),
  };
}

/** A training set: labeled readings without duplicates. */
export function generateDataset({ rows = 4000, seed = 0 } = {}): Dataset {
  const drawn = drawLabeledReadings({ rows, seed });
  const { features, labels } = cleanRows(drawn, 'drop');
  return { featureNames: drawn.featureNames, features, labels };
}

function toMatrix(readings: readonly number[][]): Matrix {
  return createMatrix(Float64Array.from(readings.flat()), sensorFeatureNames.length);
}

const anomalousShare = 0.08;

/** Length of a stretch of anomalous rows, both ends included. */
const anomalyLength = { shortest: 3, longest: 20 };

/** Unlabeled readings in order of time. `anomalous[i]` is 1 where row i was drawn as an anomaly. */
export interface GeneratedReadings {
  readonly featureNames: readonly string[];
  readonly features: Matrix;
  readonly anomalous: Uint8Array;
}

/**
 * A stream as a sensor sends it: normal readings, interrupted by stretches of 3 to 20 anomalous ones, which
 * are 8 % of the rows (up to two rows fewer, as a stretch has at least three).
 */
export function generateReadings({ rows = 2000, seed = 1 } = {}): GeneratedReadings {
  const random = createRandom(seed);
  const lengths = drawAnomalyLengths(Math.round(rows * anomalousShare), random);
  const normals = rows - lengths.reduce((sum, length) => sum + length, 0);
  const starts = new Set(shuffledIndices(normals, random).subarray(0, lengths.length));
  const drawn: number[][] = [];
  const anomalous = new Uint8Array(rows);
  for (let normal = 0; normal < normals; normal++) {
    const length = starts.has(normal) ? (lengths.pop() ?? 0) : 0;
    anomalous.fill(1, drawn.length, drawn.length + length);
    for (let i = 0; i < length; i++) drawn.push(drawAnomalousReading(random));
    drawn.push(drawNormalReading(random));
  }
  return { featureNames: sensorFeatureNames, features: toMatrix(drawn), anomalous };
}

/** The stretches of anomalous rows as CSV: the first and the last row of each, from 0. */
export function toStretchesCsv({ anomalous }: Pick<GeneratedReadings, 'anomalous'>): string {
  const isFirst = (row: number) => anomalous[row] === 1 && anomalous[row - 1] !== 1;
  const rows = Array.from(anomalous.keys()).filter(isFirst);
  const lines = rows.map((first) => {
    const end = anomalous.indexOf(0, first);
    return `${first},${(end < 0 ? anomalous.length : end) - 1}\n`;
  });
  return `first_row,last_row\n${lines.join('')}`;
}

function drawAnomalyLengths(rows: number, random: Random): number[] {
  const lengths: number[] = [];
  for (let left = rows; left >= anomalyLength.shortest; left -= lengths[lengths.length - 1]) {
    lengths.push(Math.min(left, random.integer(anomalyLength.shortest, anomalyLength.longest)));
  }
  return lengths;
}
