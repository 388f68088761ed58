/** A point of a curve, both coordinates in [0, 1]. Curves run from the highest threshold to the lowest. */
export type Point = readonly [x: number, y: number];

interface Counts {
  readonly truePositives: number;
  readonly falsePositives: number;
}

/**
 * False positive rate and true positive rate at every distinct score, from (0, 0) to (1, 1), as
 * `roc_curve(drop_intermediate=False)` in sklearn/metrics/_ranking.py.
 *
 * @param labels 0 or 1; both occur
 */
export function rocCurve(labels: Uint8Array, scores: Float64Array): Point[] {
  const counts = countAboveThresholds(labels, scores);
  const last = counts[counts.length - 1];
  return [
    [0, 0],
    ...counts.map(
      ({ truePositives, falsePositives }): Point => [
        falsePositives / last.falsePositives,
        truePositives / last.truePositives,
      ],
    ),
  ];
}

/**
 * Recall and precision at every distinct score, as `precision_recall_curve`, without its last point at
 * precision 1.
 */
export function precisionRecallCurve(labels: Uint8Array, scores: Float64Array): Point[] {
  const counts = countAboveThresholds(labels, scores);
  const last = counts[counts.length - 1];
  return counts.map(({ truePositives, falsePositives }) => [
    truePositives / last.truePositives,
    truePositives / (truePositives + falsePositives),
  ]);
}

/** The sum of precision over the steps of recall, as `average_precision_score`. */
export function averagePrecision(curve: readonly Point[]): number {
  return curve.reduce(
    (sum, [recall, precision], i) => sum + (recall - (curve[i - 1]?.[0] ?? 0)) * precision,
    0,
  );
}

/** Counts the rows with at least each distinct score, from the highest score down. */
export function countAboveThresholds(labels: Uint8Array, scores: Float64Array): Counts[] {
  const order = Int32Array.from(labels.keys()).sort((a, b) => scores[b] - scores[a]);
  const counts: Counts[] = [];
  let truePositives = 0;
  for (const [i, row] of order.entries()) {
    truePositives += labels[row];
    const isLastOfTie = i + 1 === order.length || scores[order[i + 1]] !== scores[row];
    if (isLastOfTie) counts.push({ truePositives, falsePositives: i + 1 - truePositives });
  }
  return counts;
}

/** A bin of scores: the number of rows, their mean score, and the share of label 1 among them. */
export interface CalibrationBin {
  readonly rows: number;
  readonly meanScore: number;
  readonly share: number;
}

/**
 * Bins of equal width over [0, 1], without the empty ones, as `calibration_curve(strategy='uniform')` in
 * sklearn/calibration.py. A score on an edge belongs to the bin below. In a calibrated model, 70 % of the
 * rows that score 0.7 have label 1.
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

/** The mean of (score − label)² (Brier, Monthly Weather Review 78 (1950), 1–3), in [0, 1]; 0 is best. */
export function brierScore(labels: Uint8Array, scores: Float64Array): number {
  return scores.reduce((sum, score, i) => sum + (score - labels[i]) ** 2, 0) / scores.length;
}
