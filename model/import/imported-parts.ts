import type { Classifier } from '../classifiers/families.ts';
import type { Imputer } from '../scalers/imputer.ts';
import type { Scaler } from '../scalers/scaler.ts';

/**
 * A model read from files of another library. Each part is valid alone; whether the parts fit together is
 * checked later.
 */
export interface ImportedParts {
  imputer?: Imputer;
  scaler: Scaler;
  classifier: Classifier;
  /** The names of labels 0 and 1 in the file; without them, the labels are 0 and 1. */
  classNames?: [string, string];
  featureNames?: string[];
  /** Where the parts do not determine it, as for trees without a scaler. */
  featureCount?: number;
  /** Where the file takes more columns than the classifier, or in another order: the column of each feature. */
  inputs?: { count: number; columns: number[] };
  /** The steps found in the files, such as "StandardScaler → SVC". */
  estimator: string;
  /** Version of the library that wrote the files. */
  version: string;
}
