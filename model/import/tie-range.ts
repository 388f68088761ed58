import { tiedShares } from '../classifiers/k-nearest-neighbors/tied-shares.ts';
import type { PipelineParts } from '../pipeline.ts';
import { withImputer } from '../scalers/imputer.ts';
import { createTransform } from '../scalers/scaler.ts';

/** Only brute force leaves the choice among equally distant neighbors open. */
export function createTieRange({
  imputer,
  scaler,
  classifier,
}: Pick<PipelineParts, 'imputer' | 'scaler' | 'classifier'>) {
  if (classifier.family !== 'k-nearest-neighbors' || classifier.algorithm !== 'brute') return () => undefined;
  const transformRow = withImputer(createTransform(scaler), imputer);
  return (row: ArrayLike<number>) => {
    const scaled = new Float64Array(row.length);
    transformRow(row, 0, scaled);
    return tiedShares(classifier, scaled);
  };
}
