/** A seeded random number generator: the same seed gives the same numbers on every machine. */
export interface Random {
  /** Uniform on [0, 1), with 53 bits. */
  uniform(): number;
  /** Uniform on [low, high). */
  between(low: number, high: number): number;
  /** A uniform integer in [low, high]. */
  integer(low: number, high: number): number;
  /** N(mean, std²). */
  normal(mean: number, std: number): number;
}

const maxSeed = 2 ** 32 - 1;

/**
 * Uniform integers on [0, 2³²) by xoshiro128** (Blackman and Vigna, "Scrambled linear pseudorandom number
 * generators", ACM TOMS 47 (2021), 36).
 *
 * @param state four 32-bit words, not all of them 0
 */
export function createXoshiro128(state: readonly [number, number, number, number]): () => number {
  let [a, b, c, d] = state;
  return () => {
    const drawn = Math.imul(rotateLeft(Math.imul(b, 5), 7), 9) >>> 0;
    const shifted = b << 9;
    c ^= a;
    d ^= b;
    b ^= c;
    a ^= d;
    c ^= shifted;
    d = rotateLeft(d, 11);
    return drawn;
  };
}

/**
 * A generator on top of xoshiro128**. Normal numbers are drawn by the polar method (Marsaglia and Bray, SIAM
 * Review 6 (1964), 260–264), which yields pairs; the second of a pair is kept for the next call.
 *
 * @param seed an integer in [0, 2³² − 1]
 * @throws RangeError for any other seed
 */
export function createRandom(seed: number): Random {
  const next = createXoshiro128(toState(seed));
  const uniform = () => ((next() >>> 5) * 2 ** 26 + (next() >>> 6)) / 2 ** 53;
  let spare: number | undefined;

  function standardNormal(): number {
    if (spare !== undefined) {
      const kept = spare;
      spare = undefined;
      return kept;
    }
    for (;;) {
      const u = 2 * uniform() - 1;
      const v = 2 * uniform() - 1;
      const square = u * u + v * v;
      if (square > 0 && square < 1) {
        const factor = Math.sqrt((-2 * Math.log(square)) / square);
        spare = v * factor;
        return u * factor;
      }
    }
  }

  return {
    uniform,
    between: (low, high) => low + (high - low) * uniform(),
    integer: (low, high) => low + Math.floor((high - low + 1) * uniform()),
    normal: (mean, std) => mean + std * standardNormal(),
  };
}

/** A random permutation of `count` indices by the Fisher–Yates shuffle (Durstenfeld, CACM 7 (1964), 420). */
export function shuffledIndices(count: number, random: Random): Int32Array {
  const indices = Int32Array.from({ length: count }, (_, i) => i);
  for (let last = count - 1; last > 0; last--) {
    const drawn = random.integer(0, last);
    const kept = indices[last];
    indices[last] = indices[drawn];
    indices[drawn] = kept;
  }
  return indices;
}

/** Expands a seed to four words by the 32-bit finalizer of MurmurHash3 over multiples of the golden ratio. */
function toState(seed: number): [number, number, number, number] {
  if (!Number.isInteger(seed) || seed < 0 || seed > maxSeed) {
    throw new RangeError(`expected a seed from 0 to ${maxSeed}, got ${seed}`);
  }
  const word = (step: number) => {
    let mixed = (seed + Math.imul(step, 0x9e3779b9)) | 0;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
    mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
    return mixed ^ (mixed >>> 16);
  };
  return [word(1), word(2), word(3), word(4)];
}

function rotateLeft(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}
