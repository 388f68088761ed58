import { drawLabeledReadings } from '@sensor-sentinel/model/training';

type Features = { temperature: number; humidity: number; sound_volume: number };

/** Random readings of the training distribution, the same each time. */
export function drawReadings(count: number): Features[] {
  const { features, featureNames } = drawLabeledReadings({ rows: count, seed: 4 });
  return Array.from({ length: count }, (_, row) => {
    const values = features.values.subarray(row * features.columns, (row + 1) * features.columns);
    // The features of the committed dataset are these three.
    return Object.fromEntries(featureNames.map((name, column) => [name, values[column]])) as Features;
  });
}
