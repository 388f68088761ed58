import { OnnxError } from './onnx-error.ts';
import { type Field, fieldsOf, repeatedNumbers, type Span, toInteger, toSpan, viewOf } from './read-wire.ts';

/** Row-major, as in NumPy. Values are float64, which represents all of float32 and int32. */
export interface Tensor {
  readonly dims: readonly number[];
  readonly values: Float64Array;
}

/** Codes of TensorProto.DataType. */
export const elementTypes = { float: 1, int32: 6, int64: 7, string: 8, double: 11 } as const;

const elementNames = new Map([
  ...Object.entries(elementTypes).map(([name, code]) => [code, name] as const),
  ...(['uint8', 'int8', 'uint16', 'int16'] as const).map((name, i) => [i + 2, name] as const),
  ...([
    [9, 'bool'],
    [10, 'float16'],
    [16, 'bfloat16'],
  ] as const),
]);

export function elementName(code: number): string {
  return elementNames.get(code) ?? `data type ${code}`;
}

interface Stored {
  readonly field: number;
  readonly kind: 'varint' | 'float' | 'double';
  readonly read: ReadRaw;
}
interface ReadRaw {
  readonly width: number;
  readonly at: (view: DataView, at: number) => number;
}

const stored = new Map<number, Stored>([
  [
    elementTypes.float,
    { field: 4, kind: 'float', read: { width: 4, at: (view, at) => view.getFloat32(at, true) } },
  ],
  [
    elementTypes.int32,
    { field: 5, kind: 'varint', read: { width: 4, at: (view, at) => view.getInt32(at, true) } },
  ],
  [
    elementTypes.int64,
    { field: 7, kind: 'varint', read: { width: 8, at: (view, at) => Number(view.getBigInt64(at, true)) } },
  ],
  [
    elementTypes.double,
    { field: 10, kind: 'double', read: { width: 8, at: (view, at) => view.getFloat64(at, true) } },
  ],
]);

const rawField = 9;

/**
 * @throws OnnxError for an element type other than float, double, int32 or int64, and where sizes and values
 *   do not match
 */
export function readTensor(span: Span): Tensor {
  const { start } = span;
  let elementType = 0;
  let raw: Span | undefined;
  for (const field of fieldsOf(span)) {
    if (field.number === 2) elementType = toInteger(field);
    else if (field.number === rawField) raw = toSpan(field);
    else if (field.number === 13) throw elsewhere(field);
  }
  const layout = stored.get(elementType);
  if (layout === undefined) {
    throw new OnnxError(`byte ${start}: a tensor of ${elementName(elementType)}, expected float or double`);
  }
  const dims = [...repeatedNumbers(span, 1, 'varint')];
  const values = raw ? readRaw(raw, layout.read) : repeatedNumbers(span, layout.field, layout.kind);
  if (dims.some((size) => size < 0) || dims.reduce((product, size) => product * size, 1) !== values.length) {
    throw new OnnxError(`byte ${start}: a tensor of ${dims.join(' × ')} with ${values.length} values`);
  }
  return { dims, values };
}

function elsewhere({ at }: Field): OnnxError {
  return new OnnxError(`byte ${at}: a tensor that is stored in another file. Save the model as one file`);
}

function readRaw({ bytes, start, end }: Span, { width, at }: ReadRaw): Float64Array {
  const count = (end - start) / width;
  if (!Number.isInteger(count)) {
    throw new OnnxError(`byte ${start}: ${end - start} bytes are not a multiple of ${width}`);
  }
  const view = viewOf(bytes);
  return Float64Array.from({ length: count }, (_, i) => at(view, start + i * width));
}
