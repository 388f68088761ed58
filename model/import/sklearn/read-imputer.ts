import type { Imputer } from '../../scalers/imputer.ts';
import { describe } from '../pickle/pickle-value.ts';
import type { Attributes } from './attributes.ts';

/** `SimpleImputer` for missing values that are NaN (sklearn/impute/_base.py). */
export function readImputer(attributes: Attributes): Imputer {
  const marker = attributes.get('missing_values');
  if (typeof marker !== 'number' || !Number.isNaN(marker)) {
    const remedy = 'Fit it with missing_values=numpy.nan';
    throw attributes.fault('missing_values', `${describe(marker)} is not supported`, remedy);
  }
  if (attributes.get('add_indicator') === true) {
    throw attributes.fault('add_indicator', 'True is not supported', 'Fit it with add_indicator=False');
  }
  const statistics = attributes.get('statistics_');
  const fill = attributes.numbersOf('statistics_', statistics, [attributes.featureCount()]);
  return { fill: Array.from(fill), after_scaler: false };
}
