/** From the strictest threshold to the loosest; shares in [0, 1]. */
export type Point = readonly [x: number, y: number];

type Counts = { readonly truePositives: number; readonly falsePositives: number };

/**
 * False-positive rate and true-positive rate at every threshold that tells rows apart, from (0, 0) to (1, 1); as
 * `roc_curve(drop_intermediate=False)` in sklearn/metrics/_ranking.py.
 *
 * @param labels 0 or 1, both of them present
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

/** Recall and precision at the same thresholds; as `precision_recall_curve`, without its end at precision 1. */
export function precisionRecallCurve(labels: Uint8Array, scores: Float64Array): Point[] {
  const counts = countAboveThresholds(labels, scores);
  const last = counts[counts.length - 1];
  return counts.map(({ truePositives, falsePositives }) => [
    truePositives / last.truePositives,
    truePositives / (truePositives + falsePositives),
  ]);
}

/** The sum of precision over the steps of recall: `average_precision_score`. */
export function averagePrecision(curve: readonly Point[]): number {
  return curve.reduce(
    (sum, [recall, precision], i) => sum + (recall - (curve[i - 1]?.[0] ?? 0)) * precision,
    0,
  );
}

/** Rows that score at least as much as each distinct score, from the highest score down. */
function countAboveThresholds(labels: Uint8Array, scores: Float64Array): Counts[] {
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
