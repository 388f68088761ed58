import { OnnxError, quote } from './onnx-error.ts';
import type { StoredTensor } from './onnx-schema.ts';

/** Row-major, as in NumPy. Values are float64, which represents all of float32 and int32. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly values: Float64Array;
}

/** Codes of TensorProto.DataType. */
export const elementTypes = { float: 1, int32: 6, int64: 7, string: 8, double: 11 } as const;

/** By code. */
const elementNames =
  'undefined float uint8 int8 uint16 int16 int32 int64 string bool float16 double uint32 uint64 complex64 complex128 bfloat16'.split(
    ' ',
  );

export function elementName(code: number): string {
  return elementNames[code] ?? `data type ${code}`;
}

/** `list` holds the values one by one; else `raw` holds all their bytes, `width` each. */
interface Layout {
  readonly list: 'floats' | 'int32s' | 'int64s' | 'doubles';
  readonly width: number;
  readonly read: (view: DataView, at: number) => number;
}

const layouts = new Map<number, Layout>([
  [1, { list: 'floats', width: 4, read: (view, at) => view.getFloat32(at, true) }],
  [6, { list: 'int32s', width: 4, read: (view, at) => view.getInt32(at, true) }],
  [7, { list: 'int64s', width: 8, read: (view, at) => Number(view.getBigInt64(at, true)) }],
  [11, { list: 'doubles', width: 8, read: (view, at) => view.getFloat64(at, true) }],
]);

/**
 * @throws OnnxError for an element type other than float, double, int32 or int64, and where sizes and values
 *   do not match
 */
export function readTensor(stored: StoredTensor): Tensor {
  refuseElsewhere(stored);
  const { name, type, dims, raw } = stored;
  const layout = layouts.get(type);
  if (layout === undefined) {
    throw new OnnxError(`tensor ${quote(name)} is of ${elementName(type)}, expected float or double`);
  }
  const values = Object.hasOwn(stored, 'raw') ? readRaw(raw, layout) : Float64Array.from(stored[layout.list]);
  if (dims.some((size) => size < 0) || dims.reduce((product, size) => product * size, 1) !== values.length) {
    throw new OnnxError(
      `tensor ${quote(name)}: a tensor of ${dims.join(' × ')} with ${values.length} values`,
    );
  }
  return { dims, values };
}

/** @throws OnnxError where the values are in another file, because no other file is opened */
export function refuseElsewhere(stored: StoredTensor): void {
  if (!Object.hasOwn(stored, 'elsewhere')) return;
  throw new OnnxError(`tensor ${quote(stored.name)} is stored in another file. Save the model as one file`);
}

function readRaw(raw: Uint8Array, { width, read }: Layout): Float64Array {
  const count = raw.length / width;
  if (!Number.isInteger(count)) throw new OnnxError(`${raw.length} bytes are not a multiple of ${width}`);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.length);
  return Float64Array.from({ length: count }, (_, i) => read(view, i * width));
}
