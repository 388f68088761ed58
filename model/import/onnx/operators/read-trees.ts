import { float32Below } from '../../../trees/float32.ts';
import { createTrees, leafMark, type Trees } from '../../../trees/trees.ts';
import { quote } from '../onnx-error.ts';
import type { Node } from '../onnx-schema.ts';
import { floatsOrTensorAttribute, integersAttribute, textsAttribute } from '../read-attribute.ts';
import { refusal } from './value.ts';

/**
 * Renumbers the trees in pre-order, sorted by their ids.
 *
 * @param weight the value of each leaf, by its place
 * @throws OnnxError where the nodes of a tree do not form one tree, or a comparison cannot be converted
 */
export function readTrees(node: Node, nodes: TreeNodes, weight: Float64Array): Trees {
  const trees = createTrees();
  for (const [tree, places] of [...nodes.trees].sort(([a], [b]) => a - b)) {
    const before = trees.feature.length;
    trees.roots.push(before);
    walk({ node, nodes, tree, places, weight, trees });
    const missed = places.size - (trees.feature.length - before);
    if (missed > 0) throw refusal(node, `${missed} nodes of tree ${tree} cannot be reached`);
  }
  return trees;
}

interface Walk {
  readonly node: Node;
  readonly nodes: TreeNodes;
  /** The id of the tree. */
  readonly tree: number;
  /** By the ids of the tree's nodes. */
  readonly places: ReadonlyMap<number, number>;
  readonly weight: Float64Array;
  /** Filled during the walk. */
  readonly trees: Trees;
}

interface Step {
  readonly place: number;
  readonly parent: number;
  readonly side: 'left' | 'right';
}

function walk({ node, nodes, tree, places, weight, trees }: Walk): void {
  const root = findRoot({ node, nodes, tree, places });
  const steps: Step[] = [{ place: root, parent: -1, side: 'left' }];
  for (let step = steps.pop(); step !== undefined; step = steps.pop()) {
    const { place, parent, side } = step;
    const index = trees.feature.length;
    if (parent >= 0) trees[side][parent] = index;
    const split = nodes.mode[place] === leafMode ? undefined : splitOf(node, nodes, place);
    trees.feature.push(split?.feature ?? leafMark);
    trees.threshold.push(split?.threshold ?? 0);
    trees.left.push(leafMark);
    trees.right.push(leafMark);
    trees.value.push(split ? 0 : weight[place]);
    if (split === undefined) continue;
    for (const next of ['right', 'left'] as const) {
      steps.push({ place: places.get(split[next]) ?? -1, parent: index, side: next });
    }
  }
}

/**
 * The place of the root: the only node without a parent. Every other node has exactly one parent, so that walking down
 * from the root ends.
 */
function findRoot({ node, nodes, tree, places }: Omit<Walk, 'weight' | 'trees'>): number {
  const orphans = new Set(places.values());
  for (const place of places.values()) {
    if (nodes.mode[place] === leafMode) continue;
    for (const id of [nodes.yes[place], nodes.no[place]]) {
      const child = places.get(id);
      if (child === undefined) {
        throw refusal(node, `tree ${tree} has no node ${id}, although it is a child`);
      }
      if (!orphans.delete(child)) throw refusal(node, `node ${id} of tree ${tree} has two parents`);
    }
  }
  const [root, ...others] = orphans;
  if (root !== undefined && others.length === 0) return root;
  throw refusal(node, `a tree with ${orphans.size} roots`);
}

/**
 * The split as a comparison ≤, with `left` the id of the child where it holds. Values are float32, so x < t
 * is x ≤ the largest float32 below t.
 */
function splitOf(node: Node, { feature, mode, threshold, yes, no }: TreeNodes, at: number) {
  if (feature[at] < 0) throw refusal(node, `compares feature ${feature[at]}`);
  const split = { feature: feature[at], threshold: threshold[at], left: yes[at], right: no[at] };
  switch (modes[mode[at]]) {
    case 'BRANCH_LEQ':
      return split;
    case 'BRANCH_LT':
      return { ...split, threshold: largestBelow(threshold[at]) };
    case 'BRANCH_GT':
      return { ...split, left: no[at], right: yes[at] };
    case 'BRANCH_GTE':
      return { ...split, threshold: largestBelow(threshold[at]), left: no[at], right: yes[at] };
    default:
      throw refusal(node, 'a leaf with a comparison');
  }
}

/** The largest float32 below a value that may be a float64. */
function largestBelow(value: number): number {
  const nearest = Math.fround(value);
  return nearest < value ? nearest : float32Below(nearest);
}

/**
 * The `nodes_…` attributes of an ensemble: one entry per node of all trees, in any order. A node's place is
 * its index in them.
 */
export interface TreeNodes {
  readonly feature: Float64Array;
  /** Indices of `modes`. */
  readonly mode: Uint8Array;
  readonly threshold: Float64Array;
  /** The id of the child where the comparison holds, and of the child where it does not. */
  readonly yes: Float64Array;
  readonly no: Float64Array;
  /** The place of each node, by the ids of its tree and of the node. */
  readonly trees: ReadonlyMap<number, ReadonlyMap<number, number>>;
}

export const modes = ['LEAF', 'BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GT', 'BRANCH_GTE'] as const;
export const leafMode = 0;

/** @throws OnnxError where the attributes have different lengths, or a node occurs twice */
export function readTreeNodes(node: Node): TreeNodes {
  const lists = {
    tree: integersAttribute(node, 'nodes_treeids'),
    id: integersAttribute(node, 'nodes_nodeids'),
    feature: integersAttribute(node, 'nodes_featureids'),
    mode: readModes(node),
    threshold: floatsOrTensorAttribute(node, 'nodes_values'),
    yes: integersAttribute(node, 'nodes_truenodeids'),
    no: integersAttribute(node, 'nodes_falsenodeids'),
  };
  const { tree, id, ...columns } = lists;
  const lengths = Object.entries(lists).map(([name, { length }]) => `${name} ${length}`);
  if (id.length === 0 || Object.values(lists).some(({ length }) => length !== id.length)) {
    throw refusal(node, `nodes_… attributes of different lengths: ${lengths.join(', ')}`);
  }
  const trees = new Map<number, Map<number, number>>();
  for (let place = 0; place < id.length; place++) {
    const places = trees.get(tree[place]) ?? new Map<number, number>();
    if (places.has(id[place])) throw refusal(node, `node ${id[place]} of tree ${tree[place]} occurs twice`);
    trees.set(tree[place], places.set(id[place], place));
  }
  return { ...columns, trees };
}

function readModes(node: Node): Uint8Array {
  const known: readonly string[] = modes;
  const codes: number[] = [];
  for (const mode of textsAttribute(node, 'nodes_modes')) {
    const code = known.indexOf(mode);
    if (code < 0) throw refusal(node, `nodes_modes has ${quote(mode)}, expected ${modes.join(', ')}`);
    codes.push(code);
  }
  return Uint8Array.from(codes);
}
