import { z } from 'zod';
import { treeFaults } from './tree-faults.ts';

/**
 * Binary trees, one after the other, in parallel arrays with one entry per node. A tree's nodes are numbered in
 * pre-order from its root, so that both children come after their parent: no walk can loop.
 *
 * - `roots`: index of each tree's first node, ascending from 0
 * - `feature`: column that an inner node compares; −1 marks a leaf
 * - `threshold`: a row goes left where its value ≤ threshold, else right; 0 in a leaf
 * - `left`, `right`: index of the child; −1 in a leaf
 * - `value`: what a leaf answers; 0 in an inner node
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
