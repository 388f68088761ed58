/**
 * 1 in place of a range that is 0 but for rounding, so that a constant column is moved and not stretched: below ten
 * times the epsilon of float64 (`_handle_zeros_in_scale` in sklearn/preprocessing/_data.py, scikit-learn 1.2.1).
 */
export function rangeOrOne(range: number): number {
  return Math.abs(range) < 10 * Number.EPSILON ? 1 : range;
}
