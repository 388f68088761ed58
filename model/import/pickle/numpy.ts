import { cost, type Machine } from './machine.ts';
import { hasNumbers, sizeOf, toNumbers, toStrings } from './nd-array.ts';
import {
  type Dtype,
  describe,
  findEntry,
  type GlobalName,
  type Instance,
  isKind,
  type NdArray,
  type PickleValue,
} from './pickle-value.ts';

const ndarray = 'numpy.ndarray';
const maxDimensions = 32;
const maxItemSize = 2 ** 20;
const maxFields = 64;
const byte: Dtype = { kind: 'dtype', code: 'i1', isLittleEndian: true, itemSize: 1, isSettled: true };
const noBytes = new Uint8Array(0);

/** `_reconstruct(ndarray, (0,), b'b')`: an empty array. Its state follows. */
export function createArray(
  machine: Machine,
  _callable: GlobalName,
  [subtype]: readonly PickleValue[],
): NdArray | undefined {
  return isKind(subtype, 'global') && subtype.name === ndarray ? emptyArray(machine) : undefined;
}

function emptyArray({ budget, offset }: Machine): NdArray {
  budget.spend(cost.view);
  return { kind: 'array', offset, shape: [0], dtype: byte, isFortran: false, bytes: noBytes, isBuilt: false };
}

/** Applies the state of an array: (version, shape, dtype, is Fortran order, bytes or list of objects). */
export function buildArray(machine: Machine, array: NdArray, state: PickleValue): void {
  const { fault } = machine;
  const [version, shape, dtype, isFortran, content] = isKind(state, 'tuple') ? state.entries : [];
  if (array.isBuilt || version !== 1 || !isKind(dtype, 'dtype') || typeof isFortran !== 'boolean') {
    const problem = `an array is given ${describe(state)}, expected version, shape, dtype, order and content, once`;
    throw fault(problem);
  }
  Object.assign(array, fillArray(machine, { shape, dtype, isFortran, content }), { offset: array.offset });
}

/** `_frombuffer(bytes, dtype, shape, order)`, used by protocol 5. */
export function fromBuffer(
  machine: Machine,
  _callable: GlobalName,
  [content, dtype, shape, order]: readonly PickleValue[],
): NdArray | undefined {
  if (!isKind(dtype, 'dtype') || (order !== 'C' && order !== 'F')) return undefined;
  return fillArray(machine, { shape, dtype, isFortran: order === 'F', content });
}

interface Filling {
  readonly shape: PickleValue | undefined;
  readonly dtype: Dtype;
  readonly isFortran: boolean;
  readonly content: PickleValue | undefined;
}

/** Creates an array after checking that the content has the length of its shape. */
function fillArray(machine: Machine, { shape, dtype, isFortran, content }: Filling): NdArray {
  const { fault } = machine;
  dtype.isSettled = true;
  const array = { ...emptyArray(machine), shape: toShape(machine, shape), dtype, isFortran, isBuilt: true };
  const size = sizeOf(array.shape);
  if (dtype.code.startsWith('O')) {
    if (isKind(content, 'list') && content.entries.length === size) {
      return { ...array, objects: content.entries };
    }
    throw fault(`${describe(array)} has ${describe(content)}, expected a list of ${size}`);
  }
  const length = size * dtype.itemSize;
  if (content instanceof Uint8Array && content.length === length) return { ...array, bytes: content };
  throw fault(`${describe(array)} has ${describe(content)}, expected ${length} bytes`);
}

function toShape(machine: Machine, shape: PickleValue | undefined): number[] {
  const lengths = isKind(shape, 'tuple') ? shape.entries.filter((length) => typeof length === 'number') : [];
  const isWhole = isKind(shape, 'tuple') && lengths.length === shape.entries.length;
  if (!isWhole || lengths.length > maxDimensions || !Number.isSafeInteger(sizeOf(lengths))) {
    throw machine.fault(`${describe(shape)} is not the shape of an array`);
  }
  return lengths;
}

/** `dtype('f8', False, True)`. Byte order and fields follow as its state. */
export function createDtype(
  machine: Machine,
  _callable: GlobalName,
  [code]: readonly PickleValue[],
): Dtype | undefined {
  if (typeof code !== 'string') return undefined;
  const [, letter, digits = '8'] = /^([a-zA-Z])(\d{1,7})?$/.exec(code) ?? [];
  if (letter === undefined) return undefined;
  const itemSize = Number(digits) * (letter === 'U' ? 4 : 1);
  if (itemSize < 1 || itemSize > maxItemSize) {
    throw machine.fault(`the dtype ${code} has elements of ${itemSize} bytes`);
  }
  return { kind: 'dtype', code, isLittleEndian: true, itemSize, isSettled: false };
}

/** Applies the state of a dtype: (version, byte order, subarray, names, fields, size, …). */
export function buildDtype(machine: Machine, dtype: Dtype, state: PickleValue): void {
  const [, order, subarray, names, fields] = isKind(state, 'tuple') ? state.entries : [];
  if (dtype.isSettled || typeof order !== 'string' || !'<>|='.includes(order) || subarray !== null) {
    const problem = `the dtype ${dtype.code} is given ${describe(state)}, expected byte order and fields, once`;
    throw machine.fault(problem);
  }
  dtype.isLittleEndian = order !== '>';
  if (isKind(fields, 'dict') && isKind(names, 'tuple') && names.entries.length <= maxFields) {
    dtype.fields = new Map(
      names.entries.map((name) => {
        const field = typeof name === 'string' ? toField(dtype, findEntry(fields, name)) : undefined;
        if (field === undefined) {
          throw machine.fault(`${describe(name)} is not a field of the dtype ${dtype.code}`);
        }
        return [String(name), field];
      }),
    );
  }
  dtype.isSettled = true;
}

/** A field is a (dtype, offset) pair. Nested structures are not supported. */
function toField({ itemSize }: Dtype, entry: PickleValue | undefined) {
  const [dtype, offset] = isKind(entry, 'tuple') ? entry.entries : [];
  if (!isKind(dtype, 'dtype') || !dtype.isSettled || dtype.fields) return undefined;
  if (typeof offset !== 'number' || !Number.isSafeInteger(offset) || offset < 0) return undefined;
  return offset + dtype.itemSize <= itemSize ? { dtype, offset } : undefined;
}

/** `scalar(dtype, bytes)`: one number or string. */
export function readScalar(
  machine: Machine,
  _callable: GlobalName,
  [dtype, bytes]: readonly PickleValue[],
): PickleValue | undefined {
  if (!isKind(dtype, 'dtype') || !(bytes instanceof Uint8Array) || bytes.length !== dtype.itemSize) {
    return undefined;
  }
  dtype.isSettled = true;
  const array = { ...emptyArray(machine), shape: [1], dtype, bytes };
  machine.budget.spend(bytes.length);
  if (dtype.code.startsWith('U')) return toStrings(array)[0];
  if (!hasNumbers(array)) return undefined;
  const [value] = toNumbers(array);
  return dtype.code === 'b1' ? value !== 0 : value;
}

/**
 * Reads an array that joblib stored outside the pickle stream (`NumpyArrayWrapper` in joblib/numpy_pickle.py,
 * 0.10 to 1.5): the elements follow the operations that describe them. With an alignment, padding comes
 * first, and its length is in one byte. Arrays of objects are nested pickles.
 */
export function readJoblibArray(
  machine: Machine,
  wrapper: Instance,
  readObjects: () => PickleValue,
): NdArray {
  const { reader, fault } = machine;
  const [subclass, dtype, order, shape, alignment] = [
    'subclass',
    'dtype',
    'order',
    'shape',
    'numpy_array_alignment_bytes',
  ].map((key) => (wrapper.state ? findEntry(wrapper.state, key) : undefined));
  if (!isKind(subclass, 'global') || subclass.name !== 'numpy.ndarray') {
    throw fault(`joblib's array is ${describe(subclass)}, expected numpy.ndarray`);
  }
  if (!isKind(dtype, 'dtype') || (order !== 'C' && order !== 'F')) {
    throw fault(`joblib's array has ${describe(dtype)} and the order ${describe(order)}`);
  }
  if (dtype.code.startsWith('O')) {
    const objects = readObjects();
    if (isKind(objects, 'array')) return objects;
    throw fault(`joblib's array of objects is ${describe(objects)}`);
  }
  if (alignment !== undefined && alignment !== null) reader.take(reader.uint8('padding'), 'padding');
  const content = reader.take(sizeOf(toShape(machine, shape)) * dtype.itemSize, 'an array');
  return fillArray(machine, { shape, dtype, isFortran: order === 'F', content });
}
