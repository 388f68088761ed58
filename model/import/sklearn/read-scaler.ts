import type { Scaler } from '../../scalers/scaler.ts';
import { isKind } from '../pickle/pickle-value.ts';
import type { Attributes } from './attributes.ts';

/** The scalers of sklearn/preprocessing/_data.py, scikit-learn 1.0 to 1.9. */
export const scalerReaders: Readonly<Record<string, (attributes: Attributes) => Scaler>> = {
  StandardScaler: readStandardScaler,
  MinMaxScaler: readMinMaxScaler,
  RobustScaler: readRobustScaler,
  MaxAbsScaler: readMaxAbsScaler,
};

/**
 * One number per feature; `neutral` for each where the option `unless` is turned off and the attribute is
 * None.
 */
function perFeature(
  attributes: Attributes,
  key: string,
  { unless, neutral }: { unless: string; neutral: number },
) {
  const count = attributes.featureCount();
  return attributes.boolean(unless)
    ? Array.from(attributes.numbers(key, [count]))
    : Array.from({ length: count }, () => neutral);
}

function readStandardScaler(attributes: Attributes): Scaler {
  return {
    kind: 'standard',
    mean: perFeature(attributes, 'mean_', { unless: 'with_mean', neutral: 0 }),
    variance: perFeature(attributes, 'var_', { unless: 'with_std', neutral: 1 }),
    scale: perFeature(attributes, 'scale_', { unless: 'with_std', neutral: 1 }),
  };
}

function readRobustScaler(attributes: Attributes): Scaler {
  return {
    kind: 'robust',
    center: perFeature(attributes, 'center_', { unless: 'with_centering', neutral: 0 }),
    scale: perFeature(attributes, 'scale_', { unless: 'with_scaling', neutral: 1 }),
  };
}

function readMinMaxScaler(attributes: Attributes): Scaler {
  const shape = [attributes.featureCount()];
  const read = (key: string) => Array.from(attributes.numbers(key, shape));
  return {
    kind: 'min-max',
    data_min: read('data_min_'),
    data_max: read('data_max_'),
    scale: read('scale_'),
    min: read('min_'),
    feature_range: readRange(attributes),
    clip: attributes.boolean('clip'),
  };
}

function readRange(attributes: Attributes): [number, number] {
  const range = attributes.get('feature_range');
  const entries = isKind(range, 'tuple') || isKind(range, 'list') ? range.entries : [];
  const [low, high] = entries;
  if (entries.length === 2 && typeof low === 'number' && typeof high === 'number') return [low, high];
  throw attributes.fault('feature_range', 'expected a lower and an upper limit');
}

function readMaxAbsScaler(attributes: Attributes): Scaler {
  if (attributes.get('clip') === true) {
    throw attributes.fault(
      'clip',
      'True is not supported',
      'Fit a MaxAbsScaler without clip, or a MinMaxScaler',
    );
  }
  return { kind: 'max-abs', scale: Array.from(attributes.numbers('scale_', [attributes.featureCount()])) };
}
