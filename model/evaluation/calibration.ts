/** A bin of scores: how many rows, their mean score, and the share of label 1 among them. */
export type CalibrationBin = { readonly rows: number; readonly meanScore: number; readonly share: number };

/**
 * What scores mean: of rows that score about 0.7, about 70 % should have label 1. Bins of equal width over [0, 1], the
 * empty ones left out, as `calibration_curve(strategy='uniform')` in sklearn/calibration.py: a score on an edge belongs
 * to the bin below it.
 */
export function calibrationBins(labels: Uint8Array, scores: Float64Array, bins = 10): CalibrationBin[] {
  const sums = Array.from({ length: bins }, () => ({ rows: 0, scores: 0, labels: 0 }));
  for (let i = 0; i < labels.length; i++) {
    const sum = sums[Math.max(0, Math.ceil(scores[i] * bins) - 1)];
    sum.rows++;
    sum.scores += scores[i];
    sum.labels += labels[i];
  }
  return sums
    .filter(({ rows }) => rows > 0)
    .map((sum) => ({ rows: sum.rows, meanScore: sum.scores / sum.rows, share: sum.labels / sum.rows }));
}

/** The mean square of score minus label (Brier, Monthly Weather Review 78 (1950), 1–3); 0 is best. */
export function brierScore(labels: Uint8Array, scores: Float64Array): number {
  return scores.reduce((sum, score, i) => sum + (score - labels[i]) ** 2, 0) / scores.length;
}
