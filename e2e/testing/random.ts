export interface Random {
  /** At least 0, less than 1. */
  fraction: () => number;
  /** A whole number; both ends included. */
  between: (min: number, max: number) => number;
  isBelow: (probability: number) => boolean;
  pick: <T>(choices: readonly [T, ...T[]]) => T;
  shuffle: <T>(list: readonly T[]) => T[];
}

/** Seeded random draws by the mulberry32 generator. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0;
  function fraction(): number {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }
  const between = (min: number, max: number) => min + Math.floor(fraction() * (max - min + 1));
  return {
    fraction,
    between,
    isBelow: (probability) => fraction() < probability,
    pick: (choices) => choices[between(0, choices.length - 1)] ?? choices[0],
    shuffle(list) {
      return list
        .map((entry) => ({ entry, rank: fraction() }))
        .sort((one, other) => one.rank - other.rank)
        .map(({ entry }) => entry);
    },
  };
}

/** The whole number in an environment variable, such as the seed that repeats a run. */
export function readNumber(variable: string): number | undefined {
  const given = process.env[variable];
  if (given === undefined || given === '') return undefined;
  const number = Number(given);
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`${variable}: expected a whole number, not ${given}`);
}
