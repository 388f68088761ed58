import type { Classifier } from '../classifiers/classifier.ts';
import type { Scaler } from '../scalers/scaler.ts';

/** What was read from the files of another library, each part well formed alone; whether they fit is checked later. */
export interface ImportedParts {
  scaler: Scaler;
  classifier: Classifier;
  /** What labels 0 and 1 are called, where the file says more than numbers. */
  classNames?: [string, string];
  featureNames?: string[];
  /** Where the parts themselves do not show it, as trees without a scaler do not. */
  featureCount?: number;
  /** What the files held, such as "StandardScaler → SVC". */
  estimator: string;
  /** Of the library that made them. */
  version: string;
}
