import { hasNumbers, toNumbers, toStrings } from '../pickle/nd-array.ts';
import { describe, isKind, type NdArray, type PickleValue } from '../pickle/pickle-value.ts';
import type { Attributes } from './attributes.ts';

const maxNameLength = 256;
const twoClasses = 'Fit the model on two classes, normal and anomaly';

/**
 * `classes_`: what labels 0 and 1 are called, in the order of scikit-learn, which sorts them. Undefined where they are
 * the numbers 0 and 1, or False and True, which tell nothing.
 *
 * @throws ImportError unless there are exactly two
 */
export function readClassNames(attributes: Attributes): [string, string] | undefined {
  const value = attributes.get('classes_');
  const names = isKind(value, 'array') ? readNames(value) : undefined;
  if (names === undefined) {
    throw attributes.fault('classes_', `${describe(value)}, expected labels of two classes`);
  }
  const [first, second] = names;
  if (names.length !== 2 || first === second) {
    throw attributes.fault('classes_', `${names.length} classes, expected 2`, twoClasses);
  }
  if (first === '' || second === '') throw attributes.fault('classes_', 'a class has no name', twoClasses);
  const isPlain = (first === '0' && second === '1') || (first === 'False' && second === 'True');
  return isPlain ? undefined : [first, second];
}

/** `feature_names_in_`, which an estimator has that was fitted on a data frame. */
export function readFeatureNames(attributes: Attributes, count: number): string[] | undefined {
  const value = attributes.get('feature_names_in_');
  if (value === undefined) return undefined;
  const names = isKind(value, 'array') ? readNames(value) : undefined;
  if (names?.length === count) return names;
  throw attributes.fault('feature_names_in_', `${describe(value)}, expected ${count} names`);
}

/** Texts, numbers or booleans of an array with one dimension, as texts; undefined for anything else. */
function readNames(array: NdArray): string[] | undefined {
  const { dtype, shape, objects } = array;
  if (shape.length !== 1 || shape[0] > 64) return undefined;
  if (objects) {
    const names = objects.map(toName).filter((name) => name !== undefined);
    return names.length === objects.length ? names : undefined;
  }
  if (dtype.code.startsWith('U')) {
    return dtype.itemSize <= 4 * maxNameLength ? toStrings(array) : undefined;
  }
  if (!hasNumbers(array)) return undefined;
  return Array.from(toNumbers(array), (value) =>
    dtype.code === 'b1' ? toBoolean(value !== 0) : String(value),
  );
}

function toName(value: PickleValue): string | undefined {
  if (typeof value === 'string') return value.length <= maxNameLength ? value : undefined;
  if (typeof value === 'boolean') return toBoolean(value);
  return typeof value === 'number' ? String(value) : undefined;
}

function toBoolean(value: boolean): string {
  return value ? 'True' : 'False';
}
