type FlatTrees = {
  roots: readonly number[];
  feature: readonly number[];
  threshold: readonly number[];
  left: readonly number[];
  right: readonly number[];
  value: readonly number[];
};

type Fault = { path: (string | number)[]; message: string };

/**
 * What keeps flat trees from being walked safely: arrays of different lengths, roots out of order, or a child that is
 * not a later node of its parent's own tree. The search stops at the first faulty node, as one is enough to refuse the
 * trees. Whether a feature exists is for the caller to check, who knows how many there are.
 */
export function treeFaults(trees: FlatTrees): Fault[] {
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

function nodeFaults({ feature, left, right }: FlatTrees, node: number, end: number): Fault[] {
  const isLeaf = feature[node] < 0;
  const isWrong = (child: number) => (isLeaf ? child !== -1 : child <= node || child >= end);
  const expected = isLeaf ? '-1, because the node is a leaf' : `a later node of the same tree, before ${end}`;
  return Object.entries({ left, right })
    .filter(([, children]) => isWrong(children[node]))
    .map(([path, children]) => ({ path: [path, node], message: `${children[node]}, expected ${expected}` }));
}
