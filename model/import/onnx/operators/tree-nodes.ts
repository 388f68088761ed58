import { quote } from '../onnx-error.ts';
import { eachText, floatsOrTensorAttribute, integersAttribute } from '../read-attribute.ts';
import type { Node } from '../read-model.ts';
import { refusal } from './value.ts';

/**
 * The `nodes_…` attributes of an ensemble, one entry per node in each, of all trees in any order. A node's place is its
 * index in them; `order` has the places by tree, then by id.
 */
export type TreeNodes = {
  readonly tree: Float64Array;
  readonly id: Float64Array;
  readonly feature: Float64Array;
  /** Indices of `modes`. */
  readonly mode: Uint8Array;
  readonly threshold: Float64Array;
  /** Ids of the children to go to where the comparison holds, and where it does not. */
  readonly yes: Float64Array;
  readonly no: Float64Array;
  readonly order: Uint32Array;
};

export const modes = ['LEAF', 'BRANCH_LEQ', 'BRANCH_LT', 'BRANCH_GT', 'BRANCH_GTE'] as const;
export const leafMode = 0;

/** @throws OnnxError */
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
      throw refusal(node, `tree ${tree[a]} has node ${id[a]} twice`);
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

/** By binary search; −1 where the tree has no such node. */
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
export function* trees({ tree, order }: TreeNodes): Generator<Uint32Array> {
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && tree[order[end]] === tree[order[start]]) end++;
    yield order.subarray(start, end);
    start = end;
  }
}
