import type { Classifier } from '../../../classifiers/families.ts';
import type { Node } from '../onnx-schema.ts';
import { classLabels, floatsOrTensorAttribute, integersAttribute, textAttribute } from '../read-attribute.ts';
import { leafMode, readTreeNodes, readTrees, type TreeNodes } from './read-trees.ts';
import {
  type Call,
  decisions,
  expectFeatures,
  probabilities,
  refusal,
  type Source,
  type Value,
} from './value.ts';

/**
 * ai.onnx.ml.TreeEnsembleClassifier with two classes. The operator's specification does not define the
 * meaning of one weight per leaf. This follows onnxruntime
 * (onnxruntime/core/providers/cpu/ml/tree_ensemble_aggregator.h, confirmed by running it), which converters
 * target:
 *
 * - all weights of class 0, none negative, no post-transform: the sum is P(label 1) (a forest)
 * - all other weights of class 0: the sum plus the base value is the log-odds of label 1 (boosting)
 * - weights of class 1, alone or with those of class 0: the same, but base values are not supported
 */
export function treeEnsembleClassifier(call: Call): Value[] {
  const { node } = call;
  const features = expectFeatures(call);
  const labels = classLabels(node, { integers: 'classlabels_int64s', texts: 'classlabels_strings' });
  const transform = textAttribute(node, 'post_transform') ?? 'NONE';
  if (transform !== 'NONE' && transform !== 'LOGISTIC') throw refusal(node, `post_transform ${transform}`);
  const nodes = readTreeNodes(node);
  const weights = readWeights(node, nodes);
  const isForest = transform === 'NONE' && weights.areNonNegative;
  const init = baseValue(node, weights);
  if (isForest && init !== 0) throw refusal(node, `base value ${init} added to probabilities`);
  const decisive = decisiveWeights({ node, nodes, weights }, isForest ? 'sum to 1' : 'be opposite');
  const source: Source = {
    origin: node,
    features,
    classLabels: labels,
    classify: () => {
      const read = readTrees(node, nodes, decisive);
      return isForest ? toForest(read) : { family: 'gradient-boosting', init, learning_rate: 1, trees: read };
    },
  };
  return isForest || transform === 'LOGISTIC' ? probabilities(source) : decisions(call, source, 1);
}

const shareTolerance = 1e-4;

/** Weights were divided by the number of trees in float32, so a share may slightly exceed 1. */
function toForest(read: ReturnType<typeof readTrees>): Classifier {
  const count = read.roots.length;
  const value = read.value.map((weight) => {
    const share = weight * count;
    return share > 1 && share <= 1 + shareTolerance ? 1 : share;
  });
  return { family: 'random-forest', trees: { ...read, value } };
}

/**
 * The value that each leaf adds to the sum of class 0 and of class 1, by place; undefined for a class without
 * weights.
 */
interface Weights {
  readonly ofZero: Float64Array | undefined;
  readonly ofOne: Float64Array | undefined;
  readonly areNonNegative: boolean;
}

function readWeights(node: Node, nodes: TreeNodes): Weights {
  const treeIds = integersAttribute(node, 'class_treeids');
  const nodeIds = integersAttribute(node, 'class_nodeids');
  const labels = integersAttribute(node, 'class_ids');
  const weights = floatsOrTensorAttribute(node, 'class_weights');
  const lengths = [treeIds, nodeIds, labels, weights].map(({ length }) => length);
  if (weights.length === 0 || lengths.some((length) => length !== weights.length)) {
    throw refusal(
      node,
      `class_treeids, class_nodeids, class_ids and class_weights are ${lengths.join(', ')} long`,
    );
  }
  const sums = [0, 1].map((label) =>
    labels.includes(label) ? new Float64Array(nodes.mode.length) : undefined,
  );
  for (const [i, weight] of weights.entries()) {
    const place = nodes.trees.get(treeIds[i])?.get(nodeIds[i]);
    if (place === undefined || nodes.mode[place] !== leafMode) {
      throw refusal(node, `a weight of node ${nodeIds[i]} of tree ${treeIds[i]}, which is not a leaf`);
    }
    const sum = sums[labels[i]];
    if (sum === undefined) throw refusal(node, `class_ids has ${labels[i]}, expected 0 or 1`);
    sum[place] += weight;
  }
  const [ofZero, ofOne] = sums;
  return { ofZero, ofOne, areNonNegative: weights.every((weight) => weight >= 0) };
}

function baseValue(node: Node, { ofOne }: Weights): number {
  const values = floatsOrTensorAttribute(node, 'base_values');
  if (values.every((value) => value === 0)) return 0;
  if (values.length === 1 && ofOne === undefined) return values[0];
  throw refusal(node, `${values.length} base values${ofOne ? ' beside weights of class 1' : ''}`);
}

interface Ensemble {
  readonly node: Node;
  readonly nodes: TreeNodes;
  readonly weights: Weights;
}

/**
 * One weight per leaf, whose sum over the trees determines label 1.
 *
 * @param expected how the sums of the two classes must relate where both exist
 */
function decisiveWeights(
  { node, nodes, weights }: Ensemble,
  expected: 'sum to 1' | 'be opposite',
): Float64Array {
  const { ofZero, ofOne } = weights;
  if (ofZero === undefined || ofOne === undefined)
    return ofOne ?? ofZero ?? new Float64Array(nodes.mode.length);
  let total = 0;
  for (const places of nodes.trees.values()) {
    const leaves = [...places.values()].filter((place) => nodes.mode[place] === leafMode);
    const sums = Float64Array.from(leaves, (leaf) => ofZero[leaf] + ofOne[leaf]);
    if (!sums.every((sum) => Math.abs(sum - sums[0]) <= shareTolerance)) {
      throw refusal(node, `weights of classes 0 and 1 that should ${expected} in every leaf of a tree`);
    }
    total += sums[0];
  }
  if (Math.abs(total - (expected === 'sum to 1' ? 1 : 0)) <= shareTolerance) return ofOne;
  throw refusal(node, `weights of classes 0 and 1 that should ${expected}, but sum to ${total}`);
}
