const familyTitles: ReadonlyMap<string, string> = new Map([
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
  return familyTitles.get(family) ?? family.replaceAll('-', ' ');
}

const scalerTitles: ReadonlyMap<string, string> = new Map([
  ['standard', 'Standard'],
  ['min-max', 'Min-max'],
  ['robust', 'Robust'],
  ['max-abs', 'Max-abs'],
  ['none', 'None'],
]);

export function toScalerTitle(kind: string): string {
  return scalerTitles.get(kind) ?? kind;
}
