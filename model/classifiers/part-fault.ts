/** Where in a part that is well formed alone something does not fit the number of features, and what. */
export type PartFault = { readonly path: (string | number)[]; readonly message: string };

/** Nothing where the array is as long as it must be. */
export function lengthFaults(
  path: (string | number)[],
  { length, expected, what }: { length: number; expected: number; what: string },
): PartFault[] {
  return length === expected ? [] : [{ path, message: `${length} entries, expected ${expected}, ${what}` }];
}
