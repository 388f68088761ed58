import type { TrainedFamily } from '../classifiers/families.ts';

/** The fit that is running, and the number of fits done. */
export interface Progress {
  readonly family: TrainedFamily;
  /** Undefined for the first fit of a family; else the fold of its cross-validation, from 1. */
  readonly fold: number | undefined;
  readonly done: number;
  readonly total: number;
  /** Estimated from the fits so far; undefined until every family has been fitted once. */
  readonly secondsLeft: number | undefined;
}

interface Share {
  readonly family: TrainedFamily;
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
  onProgress,
}: {
  families: readonly TrainedFamily[];
  folds: number;
  clock: () => number;
  onProgress: ((progress: Progress) => void) | undefined;
}) {
  const shares = families.map((family): Share => ({ family, fits: 1 + folds, seconds: [] }));
  let [current] = shares;
  let start = clock();

  function report(): void {
    const { family, seconds } = current;
    const isEstimable = shares.every((share) => share.seconds.length > 0 || share.fits === 0);
    onProgress?.({
      family,
      fold: seconds.length === 0 ? undefined : seconds.length,
      done: sum(shares.map((share) => share.seconds.length)),
      total: sum(shares.map(({ fits }) => fits)),
      secondsLeft: isEstimable ? sum(shares.map(secondsLeftOf)) : undefined,
    });
  }

  return {
    /** Call when a fit of this family begins; the other calls are about the same family. */
    begin(family: TrainedFamily): void {
      current = shares.find((share) => share.family === family) ?? current;
      start = clock();
      report();
    },
    /** Call when a fit is done. After a fold, the next one begins. */
    finish(): void {
      current.seconds.push((clock() - start) / 1000);
      start = clock();
      if (current.seconds.length > 1 && current.seconds.length < current.fits) report();
    },
    /** Call when the family will not be fitted again. */
    abandon(): void {
      current.fits = current.seconds.length;
    },
  };
}
export type Workload = ReturnType<typeof createWorkload>;

function secondsLeftOf({ fits, seconds }: Share): number {
  return fits === 0 ? 0 : (sum(seconds) / seconds.length) * (fits - seconds.length);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
