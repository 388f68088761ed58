import type { Machine } from './machine.ts';
import { sizeOf } from './nd-array.ts';
import { fillArray, toShape } from './numpy.ts';
import {
  describe,
  findEntry,
  type Instance,
  isKind,
  type NdArray,
  type PickleValue,
} from './pickle-value.ts';

/**
 * The array whose bytes follow the operations that describe it, as joblib writes arrays (`NumpyArrayWrapper` in
 * joblib/numpy_pickle.py, 0.10 to 1.5): padding, whose length is in one byte, where the wrapper speaks of alignment;
 * then the elements. Objects are a pickle of their own.
 */
export function readJoblibArray(
  machine: Machine,
  wrapper: Instance,
  readObjects: () => PickleValue,
): NdArray {
  const { reader, fault, offset } = machine;
  const [subclass, dtype, order, shape, alignment] = [
    'subclass',
    'dtype',
    'order',
    'shape',
    'numpy_array_alignment_bytes',
  ].map((key) => (wrapper.state ? findEntry(wrapper.state, key) : undefined));
  if (!isKind(subclass, 'global') || subclass.name !== 'numpy.ndarray') {
    throw fault(`joblib's array is ${describe(subclass)}, expected numpy.ndarray`, { offset });
  }
  if (!isKind(dtype, 'dtype') || (order !== 'C' && order !== 'F')) {
    throw fault(`joblib's array has ${describe(dtype)} and the order ${describe(order)}`, { offset });
  }
  if (dtype.code.startsWith('O')) {
    const objects = readObjects();
    if (isKind(objects, 'array')) return objects;
    throw fault(`joblib's array of objects is ${describe(objects)}`, { offset });
  }
  if (alignment !== undefined && alignment !== null) reader.take(reader.uint8('padding'), 'padding');
  const content = reader.take(sizeOf(toShape(machine, shape)) * dtype.itemSize, 'an array');
  return fillArray(machine, { shape, dtype, isFortran: order === 'F', content });
}
