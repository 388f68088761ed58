const titles: ReadonlyMap<string, string> = new Map([
  ['logistic-regression', 'Logistic regression'],
  ['k-nearest-neighbors', 'Nearest neighbors'],
  ['random-forest', 'Random forest'],
  ['gradient-boosting', 'Gradient boosting'],
  ['support-vector-machine', 'Support vector machine'],
  ['neural-network', 'Neural network'],
  ['isolation-forest', 'Isolation forest'],
]);

/** The display name of a classifier family; unknown families keep their own name. */
export function toFamilyTitle(family: string): string {
  return titles.get(family) ?? family.replaceAll('-', ' ');
}
