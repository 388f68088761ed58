/**
 * Area under the ROC curve: the probability that a random row of label 1 scores higher than one of label 0, a tie
 * counting half. From the rank sum, tied scores sharing their mean rank (Mann and Whitney, Annals of Mathematical
 * Statistics 18 (1947), 50–60); equal to the trapezoids of `roc_auc_score` in sklearn/metrics/_ranking.py.
 *
 * @throws RangeError when lengths differ, a score is not finite, or one of the labels does not occur
 */
export function rocAuc(labels: Uint8Array, scores: Float64Array): number {
  if (labels.length !== scores.length)
    throw new RangeError(`${labels.length} labels, ${scores.length} scores`);
  if (!scores.every(Number.isFinite)) throw new RangeError('a score is not a finite number');
  const positives = labels.reduce((sum, label) => sum + label, 0);
  const negatives = labels.length - positives;
  if (positives === 0 || negatives === 0) {
    throw new RangeError(`ROC AUC needs both labels; no row has the label ${positives === 0 ? 1 : 0}`);
  }
  const order = Int32Array.from(labels.keys()).sort((a, b) => scores[a] - scores[b]);
  let rankSum = 0;
  let start = 0;
  while (start < order.length) {
    let end = start;
    let tiedPositives = 0;
    while (end < order.length && scores[order[end]] === scores[order[start]])
      tiedPositives += labels[order[end++]];
    rankSum += (tiedPositives * (start + 1 + end)) / 2;
    start = end;
  }
  return (rankSum - (positives * (positives + 1)) / 2) / (positives * negatives);
}
