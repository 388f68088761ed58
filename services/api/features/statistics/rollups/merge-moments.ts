export interface Moments {
  count: number;
  mean: number;
  /** The sum of squared deviations from the mean. */
  deviations: number;
}

/** Of two parts together (Chan, Golub and LeVeque 1983). */
export function mergeMoments(a: Moments, b: Moments): Moments {
  const count = a.count + b.count;
  const delta = b.mean - a.mean;
  return {
    count,
    mean: a.mean + (delta * b.count) / count,
    deviations: a.deviations + b.deviations + (delta * delta * a.count * b.count) / count,
  };
}
