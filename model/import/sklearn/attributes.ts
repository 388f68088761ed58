import { maxFeatures } from '../../matrix.ts';
import type { Fault, ImportError } from '../import-error.ts';
import { hasNumbers, sizeOf, toNumbers } from '../pickle/nd-array.ts';
import {
  describe,
  findEntry,
  type Instance,
  isKind,
  type NdArray,
  type PickleValue,
} from '../pickle/pickle-value.ts';

/**
 * Typed access to the attributes of a fitted estimator. A value of another type is an error that names the
 * attribute.
 */
export interface Attributes {
  /** The name of the class without its module. */
  readonly className: string;
  /** Undefined where the estimator does not have the attribute. */
  get(key: string): PickleValue | undefined;
  number(key: string): number;
  boolean(key: string): boolean;
  text(key: string): string;
  estimator(key: string): Instance;
  /** All elements in C order, checked to be finite. In `shape`, undefined allows any length. */
  numbers(key: string, shape: readonly (number | undefined)[]): Float64Array;
  /** One field of a one-dimensional structured array. */
  field(key: string, name: string): Float64Array;
  /** `n_features_in_`. */
  featureCount(): number;
  fault(key: string, problem: string, remedy?: string): ImportError;
}

const fitFirst = 'Fit the estimator with scikit-learn 1.0 to 1.9 before you dump it';

export function attributesOf(instance: Instance, createFault: Fault): Attributes {
  const { offset, state } = instance;
  const className = instance.name.slice(instance.name.lastIndexOf('.') + 1);

  const fault: Attributes['fault'] = (key, problem, remedy = fitFirst) =>
    createFault(`${className}.${key}: ${problem}`, { offset, remedy });
  const get: Attributes['get'] = (key) => (state ? findEntry(state, key) : undefined);

  function unexpected(key: string, expected: string): ImportError {
    return fault(key, `${describe(get(key))}, expected ${expected}`);
  }

  function numbers(key: string, shape: readonly (number | undefined)[]): Float64Array {
    const array = get(key);
    if (!isKind(array, 'array') || !hasNumbers(array) || !fits(array, shape)) {
      const lengths = shape.map((length) => length ?? 'any').join(', ');
      throw unexpected(key, `an array of numbers of shape (${lengths})`);
    }
    const values = toNumbers(array);
    const wrong = values.findIndex((value) => !Number.isFinite(value));
    if (wrong >= 0) throw fault(key, `entry ${wrong} is ${values[wrong]}, expected a finite number`);
    return values;
  }

  return {
    className,
    get,
    fault,
    numbers,
    number(key) {
      const value = get(key);
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      throw unexpected(key, 'a finite number');
    },
    boolean(key) {
      const value = get(key);
      if (typeof value === 'boolean') return value;
      throw unexpected(key, 'True or False');
    },
    text(key) {
      const value = get(key);
      if (typeof value === 'string') return value;
      throw unexpected(key, 'a string');
    },
    estimator(key) {
      const value = get(key);
      if (isKind(value, 'instance')) return value;
      throw unexpected(key, 'an estimator');
    },
    field(key, name) {
      const array = get(key);
      if (isKind(array, 'array') && hasNumbers(array, name) && fits(array, [undefined])) {
        return toNumbers(array, name);
      }
      throw unexpected(key, `a structured array with the field ${name}`);
    },
    featureCount() {
      const count = get('n_features_in_');
      if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= maxFeatures)
        return count;
      throw unexpected('n_features_in_', `a whole number from 1 to ${maxFeatures}`);
    },
  };
}

function fits({ shape }: NdArray, expected: readonly (number | undefined)[]): boolean {
  if (shape.length !== expected.length || Number.isNaN(sizeOf(shape))) return false;
  return expected.every((length, axis) => length === undefined || length === shape[axis]);
}
