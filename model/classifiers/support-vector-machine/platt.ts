export type Platt = { readonly a: number; readonly b: number };

/** Stopping rule of libsvm's coupling, 0.005 / classes. */
const couplingTolerance = 0.0025;
const maxCouplingSteps = 100;
const leastProbability = 1e-7;

/**
 * P(label 1) from the decision function, as `SVC(probability=True).predict_proba` of scikit-learn 1.2.1 has it.
 *
 * Platt's logistic (Advances in Large Margin Classifiers (1999), 61–74) gives label 0 the odds 1 : exp(b − a · decision):
 * libsvm's decision function, to which a and b belong, is positive for label 0. It then couples the classes' pairwise
 * probabilities (Wu, Lin, Weng, Journal of Machine Learning Research 5 (2004), 975–1005, algorithm 2) even where there
 * are two, from an even start, until it is near enough: the answer is up to 0.005 off the logistic.
 */
export function plattProbability({ a, b }: Platt, decision: number): number {
  const logistic = 1 / (1 + Math.exp(b - a * decision));
  return coupleTwo(Math.min(Math.max(logistic, leastProbability), 1 - leastProbability));
}

/** Minimizes (other · p₀ − first · p₁)², p₀ + p₁ = 1, one coordinate at a time. Returns p₁. */
function coupleTwo(first: number): number {
  const other = 1 - first;
  let p0 = 0.5;
  let p1 = 0.5;
  for (let steps = 0; steps < maxCouplingSteps; steps++) {
    let residual = other * p0 - first * p1;
    const square = residual * residual;
    const error = Math.max(Math.abs(other * residual - square), Math.abs(first * residual + square));
    if (error < couplingTolerance) break;
    const change0 = (square - other * residual) / (other * other);
    p0 = (p0 + change0) / (1 + change0);
    p1 /= 1 + change0;
    residual = other * p0 - first * p1;
    const change1 = (residual * residual + first * residual) / (first * first);
    p1 = (p1 + change1) / (1 + change1);
    p0 /= 1 + change1;
  }
  return p1;
}
