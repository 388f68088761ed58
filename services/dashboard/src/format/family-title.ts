const titles: ReadonlyMap<string, string> = new Map([
  ['logistic-regression', 'Logistic regression'],
  ['k-nearest-neighbors', 'Nearest neighbours'],
  ['random-forest', 'Random forest'],
  ['gradient-boosting', 'Gradient boosting'],
  ['support-vector-machine', 'Support vector machine'],
  ['neural-network', 'Neural network'],
]);

/** A family of classifiers in words; one that is not known yet, by its own name. */
export function toFamilyTitle(family: string): string {
  return titles.get(family) ?? family.replaceAll('-', ' ');
}
