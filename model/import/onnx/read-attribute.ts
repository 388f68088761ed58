import { refusal } from './operators/value.ts';
import type { Node } from './read-model.ts';
import { readTensor, type Tensor } from './read-tensor.ts';
import {
  type Field,
  fieldsOf,
  repeatedNumbers,
  type Span,
  toFloat,
  toInteger,
  toSpan,
  toText,
} from './read-wire.ts';

/** Fields of AttributeProto in onnx/onnx.proto. */
const fields = { ints: 8, floats: 7, strings: 9, type: 20 };

export function integerAttribute(node: Node, name: string): number | undefined {
  return single(node, name, { number: 3, type: 2, read: toInteger, zero: 0 });
}

export function floatAttribute(node: Node, name: string): number | undefined {
  return single(node, name, { number: 2, type: 1, read: toFloat, zero: 0 });
}

export function textAttribute(node: Node, name: string): string | undefined {
  return single(node, name, { number: 4, type: 3, read: toText, zero: '' });
}

export function tensorAttribute(node: Node, name: string): Tensor | undefined {
  return single(node, name, {
    number: 5,
    type: 4,
    read: (field) => readTensor(toSpan(field)),
    zero: undefined,
  });
}

/** Empty where the node does not have the attribute. */
export function integersAttribute(node: Node, name: string): Float64Array {
  return numbers(node, name, { number: fields.ints, kind: 'varint' });
}

/** Empty where the node does not have the attribute. */
export function floatsAttribute(node: Node, name: string): Float64Array {
  return numbers(node, name, { number: fields.floats, kind: 'float' });
}

/** Newer versions of an operator may store the numbers as a tensor of doubles, in `<name>_as_tensor`. */
export function floatsOrTensorAttribute(node: Node, name: string): Float64Array {
  const values = floatsAttribute(node, name);
  return values.length > 0 ? values : (tensorAttribute(node, `${name}_as_tensor`)?.values ?? values);
}

/** Yields nothing where the node does not have the attribute. */
export function* eachText(node: Node, name: string): Generator<string> {
  const span = node.attributes.get(name);
  if (span) for (const field of fieldsOf(span)) if (field.number === fields.strings) yield toText(field);
}

/**
 * `zero` is the value of an attribute whose value is omitted, as some writers omit zeros; `type` then
 * identifies the type.
 */
interface Single<Value> {
  readonly number: number;
  readonly type: number;
  readonly read: (field: Field) => Value;
  readonly zero: Value | undefined;
}

/** @throws OnnxError where the attribute has another type, because its default would be wrong */
function single<Value>(node: Node, name: string, expected: Single<Value>): Value | undefined {
  const span = node.attributes.get(name);
  if (span === undefined) return undefined;
  let value: Value | undefined;
  let type: number | undefined;
  for (const field of fieldsOf(span)) {
    if (field.number === expected.number) value = expected.read(field);
    else if (field.number === fields.type) type = toInteger(field);
  }
  value ??= type === expected.type ? expected.zero : undefined;
  if (value === undefined) throw refusal(node, `attribute ${name} has an unexpected type`);
  return value;
}

function numbers(node: Node, name: string, list: { number: number; kind: 'varint' | 'float' }): Float64Array {
  const span: Span | undefined = node.attributes.get(name);
  return span ? repeatedNumbers(span, list.number, list.kind) : new Float64Array(0);
}

/** The operator's names of labels 0 and 1, in the order of its columns. */
export function classLabels(node: Node, names: { integers: string; texts: string }): [string, string] {
  const texts = [...eachText(node, names.texts)];
  const labels = texts.length > 0 ? texts : [...integersAttribute(node, names.integers)].map(String);
  if (labels.length !== 2) throw refusal(node, `${labels.length} classes, expected 2`);
  return [labels[0], labels[1]];
}
