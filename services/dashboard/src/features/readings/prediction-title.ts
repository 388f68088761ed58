/** A prediction in words. A reading that no model has scored has none. */
export function toPredictionTitle(prediction: 0 | 1 | null): string {
  if (prediction === null) return 'Not scored';
  return prediction === 1 ? 'Anomaly' : 'Normal';
}
