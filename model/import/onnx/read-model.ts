import { OnnxError, quote } from './onnx-error.ts';
import { type Field, fieldsOf, type Span, toInteger, toSpan, toText } from './read-wire.ts';

/**
 * Messages of ONNX. Field numbers are those of onnx/onnx.proto of ONNX 1.12, which never change. Attributes
 * and tensors, which may be large, stay spans until an operator reads them.
 */
export interface OnnxModel {
  readonly producer: string;
  readonly opset: number;
  readonly graph: Graph;
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly initializers: ReadonlyMap<string, Span>;
  /** Without inputs that an initializer provides. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

/** `domain` is "" for ONNX's own operators. An omitted input has the name "". */
export interface Node {
  readonly name: string;
  readonly operator: string;
  readonly domain: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: ReadonlyMap<string, Span>;
}

/**
 * `elementType` is undefined for a value that is not a tensor. An entry of `dims` is undefined where it is
 * not fixed.
 */
export interface ValueInfo {
  readonly name: string;
  readonly elementType: number | undefined;
  readonly dims: readonly (number | undefined)[] | undefined;
}

const maxFileBytes = 256 * 2 ** 20;
const maxParts = 100_000;

/** @throws OnnxError */
export function readModel(bytes: Uint8Array): OnnxModel {
  if (bytes.length > maxFileBytes) {
    throw new OnnxError(`${bytes.length} bytes, more than the limit of ${maxFileBytes}`);
  }
  let graph: Span | undefined;
  const opsets = new Map<string, number>();
  let [name, version] = ['', ''];
  for (const field of fieldsOf({ bytes, start: 0, end: bytes.length })) {
    if (field.number === 2) name = toText(field);
    else if (field.number === 3) version = toText(field);
    else if (field.number === 7) graph = once(field, graph);
    else if (field.number === 8) opsets.set(...opsetOf(toSpan(field)));
  }
  if (graph === undefined) throw new OnnxError('is not an ONNX model: it has no graph');
  const read = readGraph(graph);
  const unknown = read.nodes.find((node) => !opsets.has(node.domain));
  if (unknown) throw new OnnxError(`no opset version is given for the domain ${quote(unknown.domain)}`);
  return { producer: `${name} ${version}`.trim(), opset: opsets.get('') ?? 0, graph: read };
}

/** A domain ("" for ONNX's own) and the version of its operators. */
function opsetOf(span: Span): [string, number] {
  let [domain, version] = ['', 0];
  for (const field of fieldsOf(span)) {
    if (field.number === 1) domain = toText(field);
    else if (field.number === 2) version = toInteger(field);
  }
  return [domain === 'ai.onnx' ? '' : domain, version];
}

function once(field: Field, earlier: Span | undefined): Span {
  if (earlier !== undefined) throw new OnnxError(`byte ${field.at}: field ${field.number} occurs twice`);
  return toSpan(field);
}

function readGraph(span: Span): Graph {
  const nodes: Node[] = [];
  const initializers = new Map<string, Span>();
  const inputs: ValueInfo[] = [];
  const outputs: ValueInfo[] = [];
  let parts = 0;
  for (const field of fieldsOf(span)) {
    if (field.number === 1) {
      const node = readNode(toSpan(field));
      nodes.push(node);
      parts += node.inputs.length + node.outputs.length + node.attributes.size;
    } else if (field.number === 5) initializers.set(tensorName(toSpan(field)), toSpan(field));
    else if (field.number === 11) inputs.push(readValueInfo(toSpan(field)));
    else if (field.number === 12) outputs.push(readValueInfo(toSpan(field)));
    else if (field.number === 15) throw new OnnxError(`byte ${field.at}: sparse tensors are not supported`);
    if (++parts > maxParts)
      throw new OnnxError(`byte ${field.at}: more than ${maxParts} elements in one graph`);
  }
  return { nodes, initializers, inputs: inputs.filter(({ name }) => !initializers.has(name)), outputs };
}

const maxOfNode = 10_000;

function readNode(span: Span): Node {
  const inputs: string[] = [];
  const outputs: string[] = [];
  const attributes = new Map<string, Span>();
  let [name, operator, domain] = ['', '', ''];
  for (const field of fieldsOf(span)) {
    if (field.number === 1) inputs.push(toText(field));
    else if (field.number === 2) outputs.push(toText(field));
    else if (field.number === 3) name = toText(field);
    else if (field.number === 4) operator = toText(field);
    else if (field.number === 5) attributes.set(attributeName(field, attributes), toSpan(field));
    else if (field.number === 7) domain = toText(field);
    if (inputs.length + outputs.length + attributes.size > maxOfNode) {
      throw new OnnxError(
        `byte ${field.at}: more than ${maxOfNode} inputs, outputs and attributes of one node`,
      );
    }
  }
  return { name, operator, domain: domain === 'ai.onnx' ? '' : domain, inputs, outputs, attributes };
}

function attributeName(field: Field, earlier: ReadonlyMap<string, Span>): string {
  const name = textOf(toSpan(field), 1);
  if (earlier.has(name)) throw new OnnxError(`byte ${field.at}: attribute ${quote(name)} occurs twice`);
  return name;
}

/** @throws OnnxError where the values are in another file, because no other file is opened */
function tensorName(span: Span): string {
  const name = textOf(span, 8);
  for (const { number, at } of fieldsOf(span)) {
    if (number !== 13) continue;
    throw new OnnxError(
      `byte ${at}: tensor ${quote(name)} is stored in another file. Save the model as one file`,
    );
  }
  return name;
}

function textOf(span: Span, number: number): string {
  let text = '';
  for (const field of fieldsOf(span)) if (field.number === number) text = toText(field);
  return text;
}

function readValueInfo(span: Span): ValueInfo {
  let type: Span | undefined;
  for (const field of fieldsOf(span)) if (field.number === 2) type = once(field, type);
  const tensor = type && messageOf(type, 1);
  if (tensor === undefined) return { name: textOf(span, 1), elementType: undefined, dims: undefined };
  let elementType = 0;
  for (const field of fieldsOf(tensor)) if (field.number === 1) elementType = toInteger(field);
  const shape = messageOf(tensor, 2);
  return { name: textOf(span, 1), elementType, dims: shape && dimsOf(shape) };
}

function messageOf(span: Span, number: number): Span | undefined {
  let message: Span | undefined;
  for (const field of fieldsOf(span)) if (field.number === number) message = once(field, message);
  return message;
}

const maxDimensions = 16;

function dimsOf(shape: Span): (number | undefined)[] {
  const dims: (number | undefined)[] = [];
  for (const field of fieldsOf(shape)) {
    if (field.number !== 1) continue;
    let size: number | undefined;
    for (const part of fieldsOf(toSpan(field))) if (part.number === 1) size = toInteger(part);
    dims.push(size !== undefined && size > 0 ? size : undefined);
    if (dims.length > maxDimensions)
      throw new OnnxError(`byte ${field.at}: more than ${maxDimensions} dimensions`);
  }
  return dims;
}
