import { OnnxError, quote } from './onnx-error.ts';
import { fieldOf, integerOf, repeatedNumbers, type Span, textOf, toSpan } from './read-wire.ts';

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

/** `field` holds the values one by one; else field 9 holds all their bytes, `width` each. */
interface Layout {
  readonly field: number;
  readonly kind: 'varint' | 'float' | 'double';
  readonly width: number;
  readonly read: (view: DataView, at: number) => number;
}

const layouts = new Map<number, Layout>([
  [1, { field: 4, kind: 'float', width: 4, read: (view, at) => view.getFloat32(at, true) }],
  [6, { field: 5, kind: 'varint', width: 4, read: (view, at) => view.getInt32(at, true) }],
  [7, { field: 7, kind: 'varint', width: 8, read: (view, at) => Number(view.getBigInt64(at, true)) }],
  [11, { field: 10, kind: 'double', width: 8, read: (view, at) => view.getFloat64(at, true) }],
]);

/**
 * @throws OnnxError for an element type other than float, double, int32 or int64, and where sizes and values
 *   do not match
 */
export function readTensor(span: Span): Tensor {
  refuseElsewhere(span);
  const { start } = span;
  const elementType = integerOf(span, 2);
  const layout = layouts.get(elementType);
  if (layout === undefined) {
    throw new OnnxError(`byte ${start}: a tensor of ${elementName(elementType)}, expected float or double`);
  }
  const dims = [...repeatedNumbers(span, 1, 'varint')];
  const raw = fieldOf(span, 9);
  const values = raw ? readRaw(toSpan(raw), layout) : repeatedNumbers(span, layout.field, layout.kind);
  if (dims.some((size) => size < 0) || dims.reduce((product, size) => product * size, 1) !== values.length) {
    throw new OnnxError(`byte ${start}: a tensor of ${dims.join(' × ')} with ${values.length} values`);
  }
  return { dims, values };
}

/** @throws OnnxError where the values are in another file, because no other file is opened */
export function refuseElsewhere(span: Span): void {
  const elsewhere = fieldOf(span, 13);
  if (elsewhere === undefined) return;
  throw new OnnxError(
    `byte ${elsewhere.at}: tensor ${quote(textOf(span, 8))} is stored in another file. Save the model as one file`,
  );
}

function readRaw({ view, start, end }: Span, { width, read }: Layout): Float64Array {
  const count = (end - start) / width;
  if (!Number.isInteger(count)) {
    throw new OnnxError(`byte ${start}: ${end - start} bytes are not a multiple of ${width}`);
  }
  return Float64Array.from({ length: count }, (_, i) => read(view, start + i * width));
}
