/**
 * |difference|ᵖ. Its sum over the columns, the reduced distance, ranks rows as the Minkowski distance does and saves the
 * root. The terms are rounded as scikit-learn rounds them (sklearn/metrics/_dist_metrics.pyx, 1.2.1), so that rows are
 * equally far here where they are there; with p other than 1 and 2 up to the last bit of the platform's power function.
 */
export function power(difference: number, p: number): number {
  if (p === 2) return difference * difference;
  return p === 1 ? Math.abs(difference) : Math.abs(difference) ** p;
}

/** The distance that a reduced distance stands for. */
export function root(reduced: number, p: number): number {
  if (p === 2) return Math.sqrt(reduced);
  return p === 1 ? reduced : reduced ** (1 / p);
}
