import type { GrownTree } from './grow-tree.ts';
import { leafMark, type Trees } from './trees.ts';

export function createTrees(): Trees {
  return { roots: [], feature: [], threshold: [], left: [], right: [], value: [] };
}

/** Adds a tree behind the others. */
export function appendTree(trees: Trees, tree: GrownTree, values: Float64Array): void {
  const root = trees.feature.length;
  const shifted = (child: number) => (child === leafMark ? leafMark : root + child);
  trees.roots.push(root);
  for (let node = 0; node < values.length; node++) {
    trees.feature.push(tree.feature[node]);
    trees.threshold.push(tree.threshold[node]);
    trees.left.push(shifted(tree.left[node]));
    trees.right.push(shifted(tree.right[node]));
    trees.value.push(values[node]);
  }
}
