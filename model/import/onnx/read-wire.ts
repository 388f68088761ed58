import { OnnxError } from './onnx-error.ts';

/**
 * The part of the protocol buffers wire format that ONNX uses (protobuf.dev/programming-guides/encoding). Values are
 * copied only when they are read, and every length is checked against the bytes that are left, so memory is limited
 * to a small multiple of the file's size. Offsets in messages count from the start of the file.
 */

/** Part of a file: `bytes[start]` to `bytes[end − 1]`. */
export interface Span {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly end: number;
}

const wireTypes = { varint: 0, double: 1, bytes: 2, float: 5 } as const;
type Wire = keyof typeof wireTypes;

/** `at` is the offset of the field's tag. `value` is its payload, without a length prefix. */
export interface Field {
  readonly number: number;
  readonly wire: Wire;
  readonly at: number;
  readonly value: Span;
}

const maxVarintBytes = 10;
const maxFieldNumber = 2 ** 29 - 1;

/** @throws OnnxError with the offset of a truncated or invalid field */
export function* fieldsOf({ bytes, start, end }: Span): Generator<Field> {
  for (let at = start; at < end; ) {
    const tagEnd = varintEnd({ bytes, start: at, end });
    const tag = varintValue({ bytes, start: at, end: tagEnd });
    const number = Math.floor(tag / 8);
    if (!(number >= 1 && number <= maxFieldNumber))
      throw new OnnxError(`byte ${at}: invalid field number ${number}`);
    const wire = toWire(tag - number * 8, at);
    const value = payload(wire, { bytes, start: tagEnd, end });
    yield { number, wire, at, value };
    at = value.end;
  }
}

function toWire(code: number, at: number): Wire {
  for (const wire of ['varint', 'double', 'bytes', 'float'] as const)
    if (wireTypes[wire] === code) return wire;
  throw new OnnxError(`byte ${at}: unsupported wire type ${code}`);
}

function payload(wire: Wire, rest: Span): Span {
  const { bytes } = rest;
  if (wire === 'varint') return { bytes, start: rest.start, end: varintEnd(rest) };
  const start = wire === 'bytes' ? varintEnd(rest) : rest.start;
  const length =
    wire === 'bytes' ? varintValue({ bytes, start: rest.start, end: start }) : wire === 'double' ? 8 : 4;
  if (!(length >= 0 && length <= rest.end - start)) {
    throw new OnnxError(`byte ${rest.start}: ${length} bytes expected, ${rest.end - start} left`);
  }
  return { bytes, start, end: start + length };
}

function varintEnd({ bytes, start, end }: Span): number {
  const last = Math.min(end, start + maxVarintBytes);
  for (let at = start; at < last; at++) if (bytes[at] < 0x80) return at + 1;
  const problem = last === end ? 'truncated within a number' : 'a number with too many bytes';
  throw new OnnxError(`byte ${start}: ${problem}`);
}

/** The signed 64-bit integer that fills the span. */
function varintValue({ bytes, start, end }: Span): number {
  let low = 0;
  let high = 0;
  for (let at = start, shift = 0; at < end; at++, shift += 7) {
    const bits = bytes[at] & 0x7f;
    if (shift < 28) low += bits * 2 ** shift;
    else if (shift === 28) {
      low += (bits & 0x0f) * 2 ** 28;
      high += bits >> 4;
    } else high += bits * 2 ** (shift - 32);
  }
  const value = (high | 0) * 2 ** 32 + low;
  if (!Number.isSafeInteger(value)) throw new OnnxError(`byte ${start}: an integer beyond ±2^53`);
  return value;
}

export function toInteger(field: Field): number {
  return varintValue(expectWire(field, 'varint'));
}

export function toFloat(field: Field): number {
  const { bytes, start } = expectWire(field, 'float');
  return viewOf(bytes).getFloat32(start, true);
}

/** The span of an embedded message, a string or raw bytes. */
export function toSpan(field: Field): Span {
  return expectWire(field, 'bytes');
}

const decoder = new TextDecoder('utf-8', { fatal: true });

export function toText(field: Field): string {
  const { bytes, start, end } = toSpan(field);
  try {
    return decoder.decode(bytes.subarray(start, end));
  } catch (cause) {
    throw new OnnxError(`byte ${start}: text is not valid UTF-8`, { cause });
  }
}

function expectWire({ wire, number, at, value }: Field, expected: Wire): Span {
  if (wire === expected) return value;
  throw new OnnxError(`byte ${at}: field ${number} has wire type ${wire}, expected ${expected}`);
}

type NumberKind = 'varint' | 'float' | 'double';

/** All values of a repeated numeric field of a message, packed or not, in order. */
export function repeatedNumbers(message: Span, number: number, kind: NumberKind): Float64Array {
  let count = 0;
  for (const field of fieldsOf(message)) if (field.number === number) count += countOf(field, kind);
  const values = new Float64Array(count);
  let filled = 0;
  for (const field of fieldsOf(message)) {
    if (field.number !== number) continue;
    filled =
      kind === 'varint'
        ? fillIntegers(field.value, values, filled)
        : fillFloats(field.value, kind, { values, filled });
  }
  return values;
}

function countOf(field: Field, kind: NumberKind): number {
  if (field.wire !== 'bytes') {
    expectWire(field, kind);
    return 1;
  }
  const { bytes, start, end } = field.value;
  if (kind !== 'varint') {
    const count = (end - start) / (kind === 'float' ? 4 : 8);
    if (!Number.isInteger(count))
      throw new OnnxError(`byte ${start}: ${end - start} bytes are not a whole number of values`);
    return count;
  }
  let count = 0;
  for (let at = start; at < end; at = varintEnd({ bytes, start: at, end })) count++;
  return count;
}

function fillIntegers({ bytes, start, end }: Span, values: Float64Array, filled: number): number {
  let next = filled;
  for (let at = start; at < end; next++) {
    const after = varintEnd({ bytes, start: at, end });
    values[next] = varintValue({ bytes, start: at, end: after });
    at = after;
  }
  return next;
}

function fillFloats(
  span: Span,
  kind: 'float' | 'double',
  into: { values: Float64Array; filled: number },
): number {
  const width = kind === 'float' ? 4 : 8;
  const view = viewOf(span.bytes);
  let next = into.filled;
  for (let at = span.start; at < span.end; at += width, next++) {
    into.values[next] = kind === 'float' ? view.getFloat32(at, true) : view.getFloat64(at, true);
  }
  return next;
}

export function viewOf({ buffer, byteOffset, byteLength }: Uint8Array): DataView {
  return new DataView(buffer, byteOffset, byteLength);
}
