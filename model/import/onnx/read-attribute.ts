import { refusal } from './operators/value.ts';
import type { Node } from './read-model.ts';
import { readTensor, type Tensor } from './read-tensor.ts';
import {
  type Field,
  fieldOf,
  fieldsOf,
  integerOf,
  repeatedNumbers,
  toFloat,
  toInteger,
  toSpan,
  toText,
} from './read-wire.ts';

/** Fields of AttributeProto in onnx/onnx.proto. The code of the type of a single value is one less. */
const fields = { float: 2, integer: 3, text: 4, tensor: 5, floats: 7, integers: 8, texts: 9, type: 20 };

export function integerAttribute(node: Node, name: string): number | undefined {
  return single(node, name, { number: fields.integer, read: toInteger, zero: 0 });
}

export function floatAttribute(node: Node, name: string): number | undefined {
  return single(node, name, { number: fields.float, read: toFloat, zero: 0 });
}

export function textAttribute(node: Node, name: string): string | undefined {
  return single(node, name, { number: fields.text, read: toText, zero: '' });
}

export function tensorAttribute(node: Node, name: string): Tensor | undefined {
  return single(node, name, { number: fields.tensor, read: (field) => readTensor(toSpan(field)) });
}

/** `zero` is the value of an attribute whose value is omitted, as some writers omit zeros. */
interface Single<Value> {
  readonly number: number;
  readonly read: (field: Field) => Value;
  readonly zero?: Value;
}

/** @throws OnnxError where the attribute has another type, because its default would be wrong */
function single<Value>(node: Node, name: string, { number, read, zero }: Single<Value>): Value | undefined {
  const span = node.attributes.get(name);
  if (span === undefined) return undefined;
  const field = fieldOf(span, number);
  if (field) return read(field);
  if (zero !== undefined && integerOf(span, fields.type) === number - 1) return zero;
  throw refusal(node, `attribute ${name} has an unexpected type`);
}

/** Empty where the node does not have the attribute. */
export function integersAttribute(node: Node, name: string): Float64Array {
  const span = node.attributes.get(name);
  return span ? repeatedNumbers(span, fields.integers, 'varint') : new Float64Array(0);
}

/** Empty where the node does not have the attribute. */
export function floatsAttribute(node: Node, name: string): Float64Array {
  const span = node.attributes.get(name);
  return span ? repeatedNumbers(span, fields.floats, 'float') : new Float64Array(0);
}

/** Newer versions of an operator may store the numbers as a tensor of doubles, in `<name>_as_tensor`. */
export function floatsOrTensorAttribute(node: Node, name: string): Float64Array {
  const values = floatsAttribute(node, name);
  return values.length > 0 ? values : (tensorAttribute(node, `${name}_as_tensor`)?.values ?? values);
}

/** Yields nothing where the node does not have the attribute. */
export function* eachText(node: Node, name: string): Generator<string> {
  const span = node.attributes.get(name);
  if (span) for (const field of fieldsOf(span)) if (field.number === fields.texts) yield toText(field);
}

/** The operator's names of labels 0 and 1, in the order of its columns. */
export function classLabels(node: Node, names: { integers: string; texts: string }): [string, string] {
  const texts = [...eachText(node, names.texts)];
  const labels = texts.length > 0 ? texts : [...integersAttribute(node, names.integers)].map(String);
  if (labels.length !== 2) throw refusal(node, `${labels.length} classes, expected 2`);
  return [labels[0], labels[1]];
}
