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

/** Readings of the type `wide`, which has this many features. */
export function drawWideReadings(count: number, width: number) {
  const names = Array.from({ length: width }, (_, place) => `f${place + 1}`);
  return Array.from({ length: count }, (_, row) =>
    Object.fromEntries(names.map((name, place) => [name, 20 + 10 * Math.sin((row + 1) * (place + 1))])),
  );
}

/** Readings as JSON: of the default type, or of `wide` if the number of its features is given. */
export function drawBodies(count: number, width: number): string[] {
  if (width === 0) return drawReadings(count).map((reading) => JSON.stringify(reading));
  return drawWideReadings(count, width).map((reading) => JSON.stringify({ type: 'wide', ...reading }));
}
