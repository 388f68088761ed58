import { createTrees, leafMark, type Trees } from '../../../trees/trees.ts';
import { quote } from '../onnx-error.ts';
import { eachText, floatsOrTensorAttribute, integersAttribute } from '../read-attribute.ts';
import type { Node } from '../read-model.ts';
import { refusal } from './value.ts';

/**
 * Renumbers the trees in pre-order.
 *
 * @param weight the value of each leaf, by its place in `nodes`
 * @throws OnnxError where the nodes of a tree do not form one tree, or a comparison cannot be converted
 */
export function readTrees(node: Node, nodes: TreeNodes, weight: Float64Array): Trees {
  const trees = createTrees();
  const isChild = markChildren(node, nodes);
  for (const places of treesOfNodes(nodes)) {
    const roots = places.filter((place) => isChild[place] === 0);
    if (roots.length !== 1) throw refusal(node, `a tree with ${roots.length} roots`);
    const before = trees.feature.length;
    trees.roots.push(before);
    walk({ node, nodes, weight, trees }, roots[0]);
    const missed = places.length - (trees.feature.length - before);
    if (missed > 0) throw refusal(node, `${missed} nodes of tree ${nodes.tree[roots[0]]} cannot be reached`);
  }
  return trees;
}

/**
 * 1 at the place of every node that is a child. Each node has at most one parent, so a walk from a root
 * cannot loop.
 */
function markChildren(node: Node, nodes: TreeNodes): Uint8Array {
  const { tree, mode, yes, no } = nodes;
  const isChild = new Uint8Array(mode.length);
  for (const [parent, ofParent] of mode.entries()) {
    if (ofParent === leafMode) continue;
    for (const id of [yes[parent], no[parent]]) {
      const child = placeOf(nodes, tree[parent], id);
      if (child < 0) throw refusal(node, `tree ${tree[parent]} has no node ${id}, although it is a child`);
      if (isChild[child]++) throw refusal(node, `node ${id} of tree ${tree[parent]} has two parents`);
    }
  }
  return isChild;
}

interface Walk {
  readonly node: Node;
  readonly nodes: TreeNodes;
  readonly weight: Float64Array;
  /** Filled during the walk. */
  readonly trees: Trees;
}

interface Step {
  readonly place: number;
  readonly parent: number;
  readonly side: 'left' | 'right';
}

function walk({ node, nodes, weight, trees }: Walk, root: number): void {
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
      steps.push({ place: placeOf(nodes, nodes.tree[place], split[next]), parent: index, side: next });
    }
  }
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
      return { ...split, threshold: float32Below(threshold[at]) };
    case 'BRANCH_GT':
      return { ...split, left: no[at], right: yes[at] };
    case 'BRANCH_GTE':
      return { ...split, threshold: float32Below(threshold[at]), left: no[at], right: yes[at] };
    default:
      throw refusal(node, 'a leaf with a comparison');
  }
}

/** The largest float32 below a finite value. */
function float32Below(value: number): number {
  const nearest = Math.fround(value);
  if (nearest < value) return nearest;
  const bits = new Int32Array(1);
  const float = new Float32Array(bits.buffer);
  if (nearest === 0) bits[0] = -0x7fffffff;
  else {
    float[0] = nearest;
    bits[0] += nearest > 0 ? -1 : 1;
  }
  return float[0];
}

/**
 * The `nodes_…` attributes of an ensemble: one entry per node of all trees, in any order. A node's place is
 * its index in them. `order` lists the places by tree, then by id.
 */
export interface TreeNodes {
  readonly tree: Float64Array;
  readonly id: Float64Array;
  readonly feature: Float64Array;
  /** Indices of `modes`. */
  readonly mode: Uint8Array;
  readonly threshold: Float64Array;
  /** The id of the child where the comparison holds, and of the child where it does not. */
  readonly yes: Float64Array;
  readonly no: Float64Array;
  readonly order: Uint32Array;
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
  const { tree, id } = lists;
  const lengths = Object.entries(lists).map(([name, { length }]) => `${name} ${length}`);
  if (id.length === 0 || Object.values(lists).some(({ length }) => length !== id.length)) {
    throw refusal(node, `nodes_… attributes of different lengths: ${lengths.join(', ')}`);
  }
  const order = new Uint32Array(id.length);
  for (let place = 0; place < order.length; place++) order[place] = place;
  order.sort((a, b) => tree[a] - tree[b] || id[a] - id[b]);
  for (let i = 1; i < order.length; i++) {
    const [a, b] = [order[i - 1], order[i]];
    if (tree[a] === tree[b] && id[a] === id[b])
      throw refusal(node, `node ${id[a]} of tree ${tree[a]} occurs twice`);
  }
  return { ...lists, order };
}

function readModes(node: Node): Uint8Array {
  const known: readonly string[] = modes;
  const codes: number[] = [];
  for (const mode of eachText(node, 'nodes_modes')) {
    const code = known.indexOf(mode);
    if (code < 0) throw refusal(node, `nodes_modes has ${quote(mode)}, expected ${modes.join(', ')}`);
    codes.push(code);
  }
  return Uint8Array.from(codes);
}

/** Finds a node by binary search; −1 where the tree has no such node. */
export function placeOf({ tree, id, order }: TreeNodes, ofTree: number, ofId: number): number {
  let [low, high] = [0, order.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    const place = order[middle];
    if (tree[place] < ofTree || (tree[place] === ofTree && id[place] < ofId)) low = middle + 1;
    else high = middle;
  }
  const place = order[low] ?? -1;
  return place >= 0 && tree[place] === ofTree && id[place] === ofId ? place : -1;
}

/** The places of each tree. */
export function* treesOfNodes({ tree, order }: TreeNodes): Generator<Uint32Array> {
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && tree[order[end]] === tree[order[start]]) end++;
    yield order.subarray(start, end);
    start = end;
  }
}
