import { hasNumbers, toNumbers, toStrings } from '../pickle/nd-array.ts';
import { describe, isKind, type NdArray, type PickleValue } from '../pickle/pickle-value.ts';
import type { Attributes } from './attributes.ts';

const maxNameLength = 256;
const twoClasses = 'Fit the model on two classes, normal and anomaly';

/**
 * Reads the names of labels 0 and 1 from `classes_`, in the order of scikit-learn, which sorts them.
 *
 * @throws ImportError unless there are exactly two classes
 */
export function readClassNames(attributes: Attributes): [string, string] {
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
  return [first, second];
}

/** Reads `feature_names_in_`, which exists on an estimator fitted on a data frame. */
export function readFeatureNames(attributes: Attributes, count: number): string[] | undefined {
  const value = attributes.get('feature_names_in_');
  if (value === undefined) return undefined;
  const names = isKind(value, 'array') ? readNames(value) : undefined;
  if (names?.length === count) return names;
  throw attributes.fault('feature_names_in_', `${describe(value)}, expected ${count} names`);
}

/** The strings, numbers or booleans of a one-dimensional array, as strings; undefined for anything else. */
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
