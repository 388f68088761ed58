import { drawLabelledReadings } from '@sensor-sentinel/model/training';

/** Different readings as JSON, with the three features only. */
export function drawBodies(count: number): string[] {
  const { features, featureNames } = drawLabelledReadings({ rows: count, seed: 4 });
  return Array.from({ length: count }, (_, row) => {
    const values = features.values.subarray(row * features.columns, (row + 1) * features.columns);
    return JSON.stringify(Object.fromEntries(featureNames.map((name, column) => [name, values[column]])));
  });
}
