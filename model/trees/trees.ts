import { z } from 'zod';
import type { PartFault } from '../classifiers/binary-classifier.ts';

/**
 * Binary trees, one after the other, in parallel arrays with one entry per node. The nodes of a tree are in
 * pre-order, so children come after their parent and no walk can loop.
 *
 * - `roots`: index of the first node of each tree, ascending from 0
 * - `feature`: the column that an inner node compares; −1 marks a leaf
 * - `threshold`: a row goes left where its value ≤ threshold, else right; 0 in a leaf
 * - `left`, `right`: index of the child; −1 in a leaf
 * - `value`: the value of a leaf; 0 in an inner node
 */
export const treesSchema = z
  .strictObject({
    roots: z.array(z.int().nonnegative()).min(1),
    feature: z.array(z.int().min(-1)).min(1),
    threshold: z.array(z.number()),
    left: z.array(z.int().min(-1)),
    right: z.array(z.int().min(-1)),
    value: z.array(z.number()),
  })
  .superRefine((trees, context) => {
    for (const { path, message } of treeFaults(trees)) context.addIssue({ code: 'custom', path, message });
  });
export type Trees = z.infer<typeof treesSchema>;

export const leafMark = -1;

/**
 * Adds to `start`, tree by tree, the weighted value of the leaf that `row` reaches.
 *
 * @param row the features, float32 values in float64
 */
export type LeafSum = (row: Float64Array, start: number) => number;

/**
 * Why trees cannot be walked safely: arrays of different lengths, roots out of order, or a child that is not
 * a later node of its parent's tree. Stops at the first faulty node. Feature indices are checked by
 * `treeFeatureFaults`.
 */
function treeFaults(trees: Trees): PartFault[] {
  const nodes = trees.feature.length;
  const columns = ['threshold', 'left', 'right', 'value'] as const;
  const lengths = columns
    .filter((path) => trees[path].length !== nodes)
    .map((path) => ({
      path: [path],
      message: `${trees[path].length} entries, expected ${nodes}, one per node`,
    }));
  if (lengths.length > 0) return lengths;

  for (const [tree, root] of trees.roots.entries()) {
    const end = trees.roots[tree + 1] ?? nodes;
    if ((tree === 0 && root !== 0) || root >= end) {
      return [
        { path: ['roots', tree], message: 'expected roots that ascend from 0, each before the last node' },
      ];
    }
    for (let node = root; node < end; node++) {
      const faults = nodeFaults(trees, node, end);
      if (faults.length > 0) return faults;
    }
  }
  return [];
}

function nodeFaults({ feature, left, right }: Trees, node: number, end: number): PartFault[] {
  const isLeaf = feature[node] < 0;
  const isWrong = (child: number) => (isLeaf ? child !== -1 : child <= node || child >= end);
  const expected = isLeaf ? '-1, because the node is a leaf' : `a later node of the same tree, before ${end}`;
  return Object.entries({ left, right })
    .filter(([, children]) => isWrong(children[node]))
    .map(([path, children]) => ({ path: [path, node], message: `${children[node]}, expected ${expected}` }));
}

/** A node that compares a feature that does not exist. */
export function treeFeatureFaults({ feature }: Trees, featureCount: number): PartFault[] {
  const node = feature.findIndex((column) => column >= featureCount);
  if (node < 0) return [];
  const message = `${feature[node]}, expected the index of one of ${featureCount} features`;
  return [{ path: ['trees', 'feature', node], message }];
}

/**
 * The nodes of one tree in pre-order. Child indices count from the tree's own root. Leaf values are computed
 * by the caller.
 */
export type GrownTree = Pick<Trees, 'feature' | 'threshold' | 'left' | 'right'>;

export function createTrees(): Trees {
  return { roots: [], feature: [], threshold: [], left: [], right: [], value: [] };
}

/**
 * Appends a tree.
 *
 * @param values one per node
 */
export function appendTree(trees: Trees, tree: GrownTree, values: ArrayLike<number>): void {
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
