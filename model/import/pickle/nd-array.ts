import type { NdArray } from './pickle-value.ts';

type Getter = (view: DataView, at: number, isLittleEndian: boolean) => number;

const getters: ReadonlyMap<string, Getter> = new Map<string, Getter>([
  ['f8', (view, at, isLittle) => view.getFloat64(at, isLittle)],
  ['f4', (view, at, isLittle) => view.getFloat32(at, isLittle)],
  ['i8', (view, at, isLittle) => Number(view.getBigInt64(at, isLittle))],
  ['i4', (view, at, isLittle) => view.getInt32(at, isLittle)],
  ['i2', (view, at, isLittle) => view.getInt16(at, isLittle)],
  ['i1', (view, at) => view.getInt8(at)],
  ['u8', (view, at, isLittle) => Number(view.getBigUint64(at, isLittle))],
  ['u4', (view, at, isLittle) => view.getUint32(at, isLittle)],
  ['u2', (view, at, isLittle) => view.getUint16(at, isLittle)],
  ['u1', (view, at) => view.getUint8(at)],
  ['b1', (view, at) => view.getUint8(at)],
]);

/** Whether `toNumbers` can read the elements, or one field of them. */
export function hasNumbers({ dtype }: NdArray, field?: string): boolean {
  const part = field === undefined ? dtype : dtype.fields?.get(field)?.dtype;
  return part !== undefined && getters.has(part.code);
}

/** The number of elements; NaN where a length is not a whole number from 0. */
export function sizeOf(shape: readonly number[]): number {
  const isShape = shape.every((length) => Number.isSafeInteger(length) && length >= 0);
  return isShape ? shape.reduce((size, length) => size * length, 1) : Number.NaN;
}

/**
 * The elements as float64 in C order, whatever their stored order; of a structured array, one field.
 *
 * @throws TypeError where `hasNumbers` is false
 */
export function toNumbers({ dtype, shape, isFortran, bytes }: NdArray, field?: string): Float64Array {
  const part = field === undefined ? { dtype, offset: 0 } : dtype.fields?.get(field);
  const get = part && getters.get(part.dtype.code);
  if (!part || !get) throw new TypeError(`${dtype.code} has no numbers`);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const numbers = new Float64Array(sizeOf(shape));
  const toStored = isFortran && shape.length > 1 ? createFortranIndex(shape) : (index: number) => index;
  for (let i = 0; i < numbers.length; i++) {
    numbers[i] = get(view, toStored(i) * dtype.itemSize + part.offset, part.dtype.isLittleEndian);
  }
  return numbers;
}

/** Converts an index in C order to one in Fortran order. */
function createFortranIndex(shape: readonly number[]): (index: number) => number {
  const size = sizeOf(shape);
  return function toFortranIndex(index) {
    let rest = index;
    let stored = 0;
    for (let axis = shape.length - 1, stride = size; axis >= 0; axis--) {
      stride /= shape[axis];
      stored += (rest % shape[axis]) * stride;
      rest = Math.floor(rest / shape[axis]);
    }
    return stored;
  };
}

/** Elements of a U dtype without their trailing NULs. Invalid code points become U+FFFD. */
export function toStrings({ dtype, shape, bytes }: NdArray): string[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return Array.from({ length: sizeOf(shape) }, (_, i) => {
    let text = '';
    for (let at = i * dtype.itemSize; at < (i + 1) * dtype.itemSize; at += 4) {
      const point = view.getUint32(at, dtype.isLittleEndian);
      if (point === 0) break;
      text += point <= 0x10ffff ? String.fromCodePoint(point) : '\ufffd';
    }
    return text;
  });
}
