import type { Trees } from '../../trees/trees.ts';
import type { Column } from './operators/value.ts';

/**
 * The same trees for unscaled features. Trees that compare scaled float32 values z(x) turn on the last bit where a reading
 * lies on a threshold, as readings of few digits do; scaling them here in float64 would send some another way. As z never
 * falls, z(x) ≤ t is x ≤ t' for the largest float32 t' of which it is true: the same branch for every float32 x.
 */
export function foldScaler(trees: Trees, columns: readonly Column[]): Trees {
  const threshold = trees.threshold.map((value, node) => {
    const feature = trees.feature[node];
    return feature in columns ? unscaled(value, columns[feature].compute) : value;
  });
  return { ...trees, threshold };
}

const largest = 0x7f7fffff;

/** The largest finite float32 x for which `compute(x)` ≤ threshold; a number below all of them where there is none. */
export function unscaled(threshold: number, compute: (x: number) => number): number {
  if (compute === Math.fround) return threshold;
  let [low, high] = [-largest - 1, largest + 1];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (compute(float32At(middle)) <= threshold) low = middle;
    else high = middle;
  }
  return low < -largest ? -Number.MAX_VALUE : float32At(low);
}

const bits = new Int32Array(1);
const float = new Float32Array(bits.buffer);

/** The float32s in ascending order, 0 at 0. */
function float32At(index: number): number {
  bits[0] = Math.abs(index);
  return index < 0 ? -float[0] : float[0];
}
