/** Draws of one row for different purposes are independent. */
export type Purpose = 'dup' | 'drop' | 'late' | 'lateness' | 'garbage' | 'jitter';

const purposes: Readonly<Record<Purpose, number>> = {
  dup: 1,
  drop: 2,
  late: 3,
  lateness: 4,
  garbage: 5,
  jitter: 6,
};

/**
 * A pseudo-random number, uniform on [0, 1), that depends only on seed, purpose, loop and row. Each word is mixed in by
 * the finalizer of MurmurHash3 (A. Appleby, public domain).
 */
export function draw(purpose: Purpose, seed: number, { loop, row }: { loop: number; row: number }): number {
  let state = mix(seed, purposes[purpose]);
  state = mix(state, loop);
  state = mix(state, row >>> 0);
  state = mix(state, Math.floor(row / 2 ** 32));
  return state / 2 ** 32;
}

function mix(state: number, word: number): number {
  let mixed = (Math.imul(state ^ word, 0x9e3779b1) + 0x7f4a7c15) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return (mixed ^ (mixed >>> 16)) >>> 0;
}
