import fc from 'fast-check';

/** Whether the API must accept a part of a request, may do either, or must refuse it. */
export type Verdict = 'valid' | 'odd' | 'invalid';

export interface Part<T = string> {
  value: T;
  verdict: Verdict;
}

/** The values of a part, by what the API must do with them. */
export type Choices<T = string> = Partial<Readonly<Record<Verdict, readonly T[]>>>;

const weights: Readonly<Record<Verdict, number>> = { valid: 60, odd: 1, invalid: 2 };

/** Mostly a valid value, where there is one. */
export function choose<T>(choices: Choices<T>): fc.Arbitrary<Part<T>> {
  const verdicts = (['valid', 'odd', 'invalid'] as const).filter((verdict) => choices[verdict]?.length);
  const groups = verdicts.map((verdict) => ({
    weight: weights[verdict],
    arbitrary: fc.constantFrom(...(choices[verdict] ?? [])).map((value) => ({ value, verdict })),
  }));
  return fc.oneof(...groups);
}

/** What the API must do with the whole of several parts. */
export function combine(verdicts: readonly Verdict[]): Verdict {
  if (verdicts.includes('invalid')) return 'invalid';
  return verdicts.includes('odd') ? 'odd' : 'valid';
}

/** The words of a text; backslashes stand for themselves. */
export function words({ raw }: TemplateStringsArray): string[] {
  return raw.join('').trim().split(/\s+/);
}

export const objectNames = words`constructor __proto__ toString hasOwnProperty`;
export const nest = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);
export const long = (length: number) => 'x'.repeat(length);
