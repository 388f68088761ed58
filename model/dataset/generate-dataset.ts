import { createMatrix } from '../matrix.ts';
import type { Dataset } from './dataset.ts';
import { createRandom, shuffledIndices } from './random.ts';
import { drawAnomalousReading, drawNormalReading, sensorFeatureNames } from './sensor-features.ts';

const normalShare = 0.6;

/**
 * Synthetic labelled readings in random order: 60 % normal, 40 % anomalous, as `sensorFeatures` has them.
 * The two overlap. Rows that happen to be equal are all kept, so that any figure measured on these rows
 * is one of the distribution itself.
 */
export function drawLabelledReadings({ rows, seed }: { rows: number; seed: number }): Dataset {
  const random = createRandom(seed);
  const normals = Math.round(rows * normalShare);
  const drawn = Array.from({ length: rows }, (_, i) =>
    i < normals
      ? { label: 0, values: drawNormalReading(random) }
      : { label: 1, values: drawAnomalousReading(random) },
  );
  return toDataset(Array.from(shuffledIndices(rows, random), (index) => drawn[index]));
}

/** The same, without repeated rows (same values and same label; the first stays), as a training set wants it. */
export function generateDataset({ rows = 4000, seed = 0 } = {}): Dataset {
  const { features, labels } = drawLabelledReadings({ rows, seed });
  const distinct = new Map<string, { label: number; values: number[] }>();
  for (let i = 0; i < features.rows; i++) {
    const values = Array.from(features.values.subarray(i * features.columns, (i + 1) * features.columns));
    const key = [...values, labels[i]].join();
    if (!distinct.has(key)) distinct.set(key, { label: labels[i], values });
  }
  return toDataset([...distinct.values()]);
}

function toDataset(rows: readonly { label: number; values: number[] }[]): Dataset {
  return {
    featureNames: sensorFeatureNames,
    features: createMatrix(
      Float64Array.from(rows.flatMap(({ values }) => values)),
      sensorFeatureNames.length,
    ),
    labels: Uint8Array.from(rows, ({ label }) => label),
  };
}
