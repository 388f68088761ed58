import type { Classifier } from '../../classifiers/families.ts';
import { averagePathLength } from '../../classifiers/isolation-forest.ts';
import { appendTree, createTrees, type GrownTree, leafMark } from '../../trees/trees.ts';
import type { Fault } from '../import-error.ts';
import type { Attributes } from './attributes.ts';
import { listTrees, readNodes } from './read-trees.ts';

/**
 * `IsolationForest` (sklearn/ensemble/_iforest.py). The path length of a leaf is its depth, with 1 at the root, plus the average
 * path length of its training rows, minus 1. Each tree has columns of its own (`estimators_features_`).
 */
export function readIsolationForest(attributes: Attributes, fault: Fault): Classifier {
  const trees = createTrees();
  const columns = attributes.list('estimators_features_');
  const found = listTrees(attributes.list('estimators_'), attributes, fault);
  for (const [i, tree] of found.entries()) {
    const chosen = attributes.numbersOf('estimators_features_', columns[i], [undefined]);
    const grown = readNodes(tree);
    const rows = tree.field('nodes', 'n_node_samples');
    const depths = depthsOf(grown);
    const feature = grown.feature.map((column) => (column === leafMark ? leafMark : chosen[column]));
    const values = depths.map((depth, node) =>
      grown.left[node] === leafMark ? depth + averagePathLength(rows[node]) - 1 : 0,
    );
    appendTree(trees, { ...grown, feature }, values);
  }
  return {
    family: 'isolation-forest',
    trees,
    normalizer: found.length * averagePathLength(attributes.number('max_samples_')),
    offset: -attributes.number('offset_'),
  };
}

/** The depth of each node, 1 at the root. Children come after their parent, which the artifact's schema checks. */
function depthsOf({ left, right }: GrownTree): number[] {
  const depths = [1];
  for (let node = 0; node < left.length; node++) {
    for (const child of [left[node], right[node]]) {
      if (child > node && child < left.length) depths[child] = (depths[node] ?? 0) + 1;
    }
  }
  return Array.from(left, (_, node) => depths[node] ?? 0);
}
