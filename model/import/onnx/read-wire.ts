import { OnnxError } from './onnx-error.ts';

/**
 * The part of the protocol buffers wire format that ONNX uses (protobuf.dev/programming-guides/encoding). Values are
 * copied only when they are read, and every length is checked against the bytes that are left, so memory is limited
 * to a small multiple of the file's size. Offsets in messages count from the start of the file.
 */

/** Part of a file: bytes `start` to `end − 1` of `view`. */
export interface Span {
  readonly view: DataView;
  readonly start: number;
  readonly end: number;
}

export function wholeSpan({ buffer, byteOffset, byteLength }: Uint8Array): Span {
  return { view: new DataView(buffer, byteOffset, byteLength), start: 0, end: byteLength };
}

/** By their codes. The groups of version 1 of the format, codes 3 and 4, do not occur in ONNX. */
const wireTypes = ['varint', 'double', 'bytes', undefined, undefined, 'float'] as const;
type Wire = Exclude<(typeof wireTypes)[number], undefined>;

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
export function* fieldsOf({ view, start, end }: Span): Generator<Field> {
  for (let at = start; at < end; ) {
    const tag = valueAt('varint', { view, start: at, end });
    const code = toNumber('varint', tag);
    const number = Math.floor(code / 8);
    if (!(number >= 1 && number <= maxFieldNumber)) {
      throw new OnnxError(`byte ${at}: invalid field number ${number}`);
    }
    const wire = wireTypes[code % 8];
    if (wire === undefined) throw new OnnxError(`byte ${at}: unsupported wire type ${code % 8}`);
    const value = valueAt(wire, { view, start: tag.end, end });
    yield { number, wire, at, value };
    at = value.end;
  }
}

/** The value at the start of a span, without a length prefix. */
function valueAt(wire: Wire, { view, start, end }: Span): Span {
  if (wire === 'varint') return { view, start, end: varintEnd({ view, start, end }) };
  if (wire !== 'bytes')
    return spanOfLength({ view, start, end }, { length: wire === 'float' ? 4 : 8, at: start });
  const prefix = valueAt('varint', { view, start, end });
  const length = toNumber('varint', prefix);
  return spanOfLength({ view, start: prefix.end, end }, { length, at: start });
}

function varintEnd({ view, start, end }: Span): number {
  const last = Math.min(end, start + maxVarintBytes);
  for (let at = start; at < last; at++) if (view.getUint8(at) < 0x80) return at + 1;
  const problem = last === end ? 'truncated within a number' : 'a number with too many bytes';
  throw new OnnxError(`byte ${start}: ${problem}`);
}

function spanOfLength({ view, start, end }: Span, { length, at }: { length: number; at: number }): Span {
  if (length >= 0 && length <= end - start) return { view, start, end: start + length };
  throw new OnnxError(`byte ${at}: ${length} bytes expected, ${end - start} left`);
}

type NumberKind = 'varint' | 'float' | 'double';

/** The number that fills the span; a varint is a signed 64-bit integer. */
function toNumber(kind: NumberKind, { view, start, end }: Span): number {
  if (kind === 'float') return view.getFloat32(start, true);
  if (kind === 'double') return view.getFloat64(start, true);
  let low = 0;
  let high = 0;
  for (let at = start, shift = 0; at < end; at++, shift += 7) {
    const bits = view.getUint8(at) & 0x7f;
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
  return toNumber('varint', expectWire(field, 'varint'));
}

export function toFloat(field: Field): number {
  return toNumber('float', expectWire(field, 'float'));
}

/** The span of an embedded message, a string or raw bytes. */
export function toSpan(field: Field): Span {
  return expectWire(field, 'bytes');
}

const decoder = new TextDecoder('utf-8', { fatal: true });

export function toText(field: Field): string {
  const { view, start, end } = toSpan(field);
  try {
    return decoder.decode(new Uint8Array(view.buffer, view.byteOffset + start, end - start));
  } catch (cause) {
    throw new OnnxError(`byte ${start}: text is not valid UTF-8`, { cause });
  }
}

function expectWire({ wire, number, at, value }: Field, expected: Wire): Span {
  if (wire === expected) return value;
  throw new OnnxError(`byte ${at}: field ${number} has wire type ${wire}, expected ${expected}`);
}

/** The field of a message that counts: the last one of its number. */
export function fieldOf(message: Span, number: number): Field | undefined {
  let last: Field | undefined;
  for (const field of fieldsOf(message)) if (field.number === number) last = field;
  return last;
}

/** Empty where the message does not have the field, as protocol buffers define it. */
export function textOf(message: Span, number: number): string {
  const field = fieldOf(message, number);
  return field ? toText(field) : '';
}

/** 0 where the message does not have the field, as protocol buffers define it. */
export function integerOf(message: Span, number: number): number {
  const field = fieldOf(message, number);
  return field ? toInteger(field) : 0;
}

/**
 * An embedded message.
 *
 * @throws OnnxError where it occurs twice, because two would have to be merged
 */
export function messageOf(message: Span, number: number): Span | undefined {
  let found: Span | undefined;
  for (const field of fieldsOf(message)) {
    if (field.number !== number) continue;
    if (found) throw new OnnxError(`byte ${field.at}: field ${number} occurs twice`);
    found = toSpan(field);
  }
  return found;
}

/** All values of a repeated numeric field, packed or not, in order. */
export function repeatedNumbers(message: Span, number: number, kind: NumberKind): Float64Array {
  let count = 0;
  for (const _ of repeatedValues(message, number, kind)) count++;
  const values = new Float64Array(count);
  let filled = 0;
  for (const value of repeatedValues(message, number, kind)) values[filled++] = toNumber(kind, value);
  return values;
}

function* repeatedValues(message: Span, number: number, kind: NumberKind): Generator<Span> {
  for (const field of fieldsOf(message)) {
    if (field.number !== number) continue;
    if (field.wire !== 'bytes') {
      yield expectWire(field, kind);
      continue;
    }
    const { view, end } = field.value;
    for (let start = field.value.start; start < end; ) {
      const value = valueAt(kind, { view, start, end });
      yield value;
      start = value.end;
    }
  }
}
