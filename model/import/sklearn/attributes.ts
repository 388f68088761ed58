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

const fitFirst = 'Fit the estimator with scikit-learn 1.0 to 1.9 before you dump it';

/**
 * Typed access to the attributes of a fitted estimator. A value of another type is an error that names the
 * attribute.
 */
export function attributesOf(instance: Instance, createFault: Fault) {
  const { name, offset, state } = instance;
  const className = name.slice(name.lastIndexOf('.') + 1);

  function fault(key: string, problem: string, remedy = fitFirst): ImportError {
    return createFault(`${className}.${key}: ${problem}`, { offset, remedy });
  }

  /** Undefined where the estimator does not have the attribute. */
  function get(key: string): PickleValue | undefined {
    return state && findEntry(state, key);
  }

  function unexpected(key: string, expected: string): ImportError {
    return fault(key, `${describe(get(key))}, expected ${expected}`);
  }

  const numbersOf = createNumbersReader(fault);

  return {
    /** The name of the class without its module. */
    className,
    instance,
    get,
    fault,
    numbersOf,
    numbers(key: string, shape: readonly (number | undefined)[]): Float64Array {
      return numbersOf(key, get(key), shape);
    },
    list(key: string): readonly PickleValue[] {
      const value = get(key);
      if (isKind(value, 'list')) return value.entries;
      throw unexpected(key, 'a list');
    },
    number(key: string): number {
      const value = get(key);
      if (typeof value === 'number' && Number.isFinite(value)) return value;
      throw unexpected(key, 'a finite number');
    },
    boolean(key: string): boolean {
      const value = get(key);
      if (typeof value === 'boolean') return value;
      throw unexpected(key, 'True or False');
    },
    text(key: string): string {
      const value = get(key);
      if (typeof value === 'string') return value;
      throw unexpected(key, 'a string');
    },
    estimator(key: string): Instance {
      const value = get(key);
      if (isKind(value, 'instance')) return value;
      throw unexpected(key, 'an estimator');
    },
    /** One field of a one-dimensional structured array. */
    field(key: string, name: string): Float64Array {
      const array = get(key);
      if (isKind(array, 'array') && hasNumbers(array, name) && fits(array, [undefined])) {
        return toNumbers(array, name);
      }
      throw unexpected(key, `a structured array with the field ${name}`);
    },
    /** `n_features_in_`. */
    featureCount(): number {
      const count = get('n_features_in_');
      if (typeof count === 'number' && Number.isInteger(count) && count >= 1 && count <= maxFeatures)
        return count;
      throw unexpected('n_features_in_', `a whole number from 1 to ${maxFeatures}`);
    },
  };
}
type AttributeFault = (key: string, problem: string) => ImportError;

/** Reads all elements in C order, checked to be finite. In `shape`, undefined allows any length. */
function createNumbersReader(fault: AttributeFault) {
  return function numbersOf(
    key: string,
    value: PickleValue | undefined,
    shape: readonly (number | undefined)[],
  ): Float64Array {
    const found = isKind(value, 'array') && fits(value, shape) ? toNumbersOf(value) : undefined;
    if (found === undefined) {
      const lengths = shape.map((length) => length ?? 'any').join(', ');
      throw fault(key, `${describe(value)}, expected an array of numbers of shape (${lengths})`);
    }
    const wrong = found.findIndex((one) => !Number.isFinite(one));
    if (wrong >= 0) throw fault(key, `entry ${wrong} is ${found[wrong]}, expected a finite number`);
    return found;
  };
}

export type Attributes = ReturnType<typeof attributesOf>;

/** Undefined where an element is not a number. */
function toNumbersOf(array: NdArray): Float64Array | undefined {
  if (!array.objects) return hasNumbers(array) ? toNumbers(array) : undefined;
  const isNumeric = array.objects.every((one) => typeof one === 'number');
  return isNumeric ? Float64Array.from(array.objects, Number) : undefined;
}

function fits({ shape }: NdArray, expected: readonly (number | undefined)[]): boolean {
  if (shape.length !== expected.length || Number.isNaN(sizeOf(shape))) return false;
  return expected.every((length, axis) => length === undefined || length === shape[axis]);
}
