import type { Family } from '../classifiers/classifier.ts';

/** The fit that is running, and the number of fits done. */
export interface Progress {
  readonly family: Family;
  /** Undefined for the first fit of a family; else the fold of its cross-validation, from 1. */
  readonly fold: number | undefined;
  readonly done: number;
  readonly total: number;
  /** Estimated from the fits so far; undefined until every family has been fitted once. */
  readonly secondsLeft: number | undefined;
}

interface Share {
  fits: number;
  readonly seconds: number[];
}

/**
 * Counts the fits of a training: one per family, then one per family and fold.
 *
 * @param clock milliseconds since any origin
 */
export function createWorkload({
  families,
  folds,
  clock,
  onProgress = () => undefined,
}: {
  families: readonly Family[];
  folds: number;
  clock: () => number;
  onProgress?: ((progress: Progress) => void) | undefined;
}) {
  const shares = new Map<Family, Share>(families.map((family) => [family, { fits: 1 + folds, seconds: [] }]));
  let start = clock();

  function secondsLeft(): number | undefined {
    let sum = 0;
    for (const { fits, seconds } of shares.values()) {
      if (seconds.length === 0 && fits > 0) return undefined;
      const mean = seconds.reduce((total, each) => total + each, 0) / Math.max(1, seconds.length);
      sum += mean * (fits - seconds.length);
    }
    return sum;
  }

  function shareOf(family: Family): Share {
    const share = shares.get(family);
    if (!share) throw new Error(`${family} is not among the families`);
    return share;
  }

  function report(family: Family): void {
    const all = [...shares.values()];
    const behind = shareOf(family).seconds.length;
    onProgress({
      family,
      fold: behind === 0 ? undefined : behind,
      done: all.reduce((sum, { seconds }) => sum + seconds.length, 0),
      total: all.reduce((sum, { fits }) => sum + fits, 0),
      secondsLeft: secondsLeft(),
    });
  }

  return {
    /** Call when a fit of this family begins. */
    begin(family: Family): void {
      start = clock();
      report(family);
    },
    /** Call when a fit of this family is done. After a fold, the next one begins. */
    finish(family: Family): void {
      const share = shareOf(family);
      share.seconds.push((clock() - start) / 1000);
      start = clock();
      if (share.seconds.length > 1 && share.seconds.length < share.fits) report(family);
    },
    /** Call when the family will not be fitted again. */
    abandon(family: Family): void {
      const share = shareOf(family);
      share.fits = share.seconds.length;
    },
  };
}
export type Workload = ReturnType<typeof createWorkload>;
