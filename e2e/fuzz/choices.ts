import type { Random } from '../testing/random.ts';

export function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.between(0, choices.length - 1)] as T; // no table is empty
}

/** The words of a text; backslashes stand for themselves. */
export function words({ raw }: TemplateStringsArray): string[] {
  return raw.join('').trim().split(/\s+/);
}
