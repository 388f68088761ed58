import { leafMark, type Trees } from '../trees.ts';

/** The leaf sum by following every tree from its root: what the faster implementations must equal. */
export function walkedSum(
  { trees, weight }: { trees: Trees; weight: number },
  row: Float64Array,
  start: number,
): number {
  let sum = start;
  for (const root of trees.roots) {
    let node = root;
    while (trees.feature[node] !== leafMark) {
      const isLeft = row[trees.feature[node]] <= trees.threshold[node];
      node = isLeft ? trees.left[node] : trees.right[node];
    }
    sum += weight * trees.value[node];
  }
  return sum;
}
