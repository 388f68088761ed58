import { expit } from '../expit.ts';

const float32Epsilon = 2 ** -23;
const smallestDenominator = 1e-150;

/**
 * Log-odds of label 1 over all rows, the share clipped by the epsilon of float32 (`get_init_raw_predictions` in
 * sklearn/ensemble/_gb_losses.py, scikit-learn 1.2.1).
 */
export function priorLogOdds(labels: Uint8Array): number {
  const share = labels.reduce((sum, label) => sum + label, 0) / labels.length;
  const clipped = Math.min(1 - float32Epsilon, Math.max(float32Epsilon, share));
  return Math.log(clipped / (1 - clipped));
}

/** `label − expit(raw)` of each row, into `out`: what the next tree is fitted to. */
export function negativeGradient(labels: Uint8Array, raw: Float64Array, out: Float64Array): void {
  for (let i = 0; i < labels.length; i++) out[i] = labels[i] - expit(raw[i]);
}

/**
 * One Newton–Raphson step per leaf, Σ residual / Σ p(1 − p), where p = label − residual; 0 where the denominator
 * vanishes (Friedman 2001, algorithm 5; `BinomialDeviance._update_terminal_region` in the same file).
 *
 * @param leafOf the leaf of each row, below `nodes`
 * @returns one value per node, 0 in inner nodes
 */
export function newtonLeafValues(
  labels: Uint8Array,
  residual: Float64Array,
  { leafOf, nodes }: { leafOf: Int32Array; nodes: number },
): Float64Array {
  const numerator = new Float64Array(nodes);
  const denominator = new Float64Array(nodes);
  for (let i = 0; i < labels.length; i++) {
    numerator[leafOf[i]] += residual[i];
    denominator[leafOf[i]] += (labels[i] - residual[i]) * (1 - labels[i] + residual[i]);
  }
  return numerator.map((sum, node) =>
    Math.abs(denominator[node]) < smallestDenominator ? 0 : sum / denominator[node],
  );
}
