import type { Attribute, Node } from './onnx-schema.ts';
import { refusal } from './operators/value.ts';
import { readTensor, type Tensor } from './read-tensor.ts';

export function integerAttribute(node: Node, name: string): number | undefined {
  return single(node, name, { key: 'integer', type: 2, zero: 0 });
}

export function floatAttribute(node: Node, name: string): number | undefined {
  return single(node, name, { key: 'float', type: 1, zero: 0 });
}

export function textAttribute(node: Node, name: string): string | undefined {
  return single(node, name, { key: 'text', type: 3, zero: '' });
}

export function tensorAttribute(node: Node, name: string): Tensor | undefined {
  const tensor = single(node, name, { key: 'tensor', type: 4 });
  return tensor && readTensor(tensor);
}

/** `type` is a code of AttributeProto.AttributeType; `zero` the value where the writer omits zeros. */
interface Single<Key extends keyof Attribute> {
  readonly key: Key;
  readonly type: number;
  readonly zero?: Attribute[Key];
}

/** @throws OnnxError where the attribute has another type, because its default would be wrong */
function single<Key extends keyof Attribute>(node: Node, name: string, { key, type, zero }: Single<Key>) {
  const attribute = find(node, name);
  if (attribute === undefined || Object.hasOwn(attribute, key)) return attribute?.[key];
  if (zero !== undefined && attribute.type === type) return zero;
  throw refusal(node, `attribute ${name} has an unexpected type`);
}

function find({ attributes }: Node, name: string): Attribute | undefined {
  return attributes.find((attribute) => attribute.name === name);
}

/** Empty where the node does not have the attribute. */
export function integersAttribute(node: Node, name: string): Float64Array {
  return Float64Array.from(find(node, name)?.integers ?? []);
}

/** Empty where the node does not have the attribute. */
export function floatsAttribute(node: Node, name: string): Float64Array {
  return Float64Array.from(find(node, name)?.floats ?? []);
}

/** Newer versions of an operator may store the numbers as a tensor of doubles, in `<name>_as_tensor`. */
export function floatsOrTensorAttribute(node: Node, name: string): Float64Array {
  const values = floatsAttribute(node, name);
  return values.length > 0 ? values : (tensorAttribute(node, `${name}_as_tensor`)?.values ?? values);
}

/** Empty where the node does not have the attribute. */
export function textsAttribute(node: Node, name: string): readonly string[] {
  return find(node, name)?.texts ?? [];
}

/** The operator's names of labels 0 and 1, in the order of its columns. */
export function classLabels(node: Node, names: { integers: string; texts: string }): [string, string] {
  const texts = textsAttribute(node, names.texts);
  const labels = texts.length > 0 ? texts : [...integersAttribute(node, names.integers)].map(String);
  if (labels.length !== 2) throw refusal(node, `${labels.length} classes, expected 2`);
  return [labels[0], labels[1]];
}
