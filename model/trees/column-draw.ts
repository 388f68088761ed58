import type { Random } from '../dataset/random.ts';
import type { ColumnChoice } from './best-split.ts';

/**
 * `count` columns drawn anew in each node, without replacement: the first steps of a shuffle, which may start from any
 * order and so goes on from where the last node left it. Constant columns count as drawn, but where there is nothing
 * else yet the draw goes on (`node_split_best` in sklearn/tree/_splitter.pyx, scikit-learn 1.2.1).
 *
 * @param columns how many there are
 */
export function createColumnDraw(columns: number, count: number, random: Random): ColumnChoice {
  const order = Int32Array.from({ length: columns }, (_, j) => j);
  return {
    count,
    pick(visited) {
      const drawn = random.integer(visited, columns - 1);
      const column = order[drawn];
      order[drawn] = order[visited];
      order[visited] = column;
      return column;
    },
  };
}
