import { OnnxError, quote } from './onnx-error.ts';
import { refuseElsewhere } from './read-tensor.ts';
import {
  type Field,
  fieldsOf,
  integerOf,
  messageOf,
  type Span,
  textOf,
  toSpan,
  toText,
  wholeSpan,
} from './read-wire.ts';

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
  const model = wholeSpan(bytes);
  const producer = `${textOf(model, 2)} ${textOf(model, 3)}`.trim();
  const opsets = new Map<string, number>(
    fieldsNumbered(model, 8).map((field) => [domainOf(toSpan(field), 1), integerOf(toSpan(field), 2)]),
  );
  const span = messageOf(model, 7);
  if (span === undefined) throw new OnnxError('is not an ONNX model: it has no graph');
  const graph = readGraph(span);
  const unknown = graph.nodes.find((node) => !opsets.has(node.domain));
  if (unknown) throw new OnnxError(`no opset version is given for the domain ${quote(unknown.domain)}`);
  return { producer, opset: opsets.get('') ?? 0, graph };
}

/** @throws OnnxError for more than `most` fields, before they take memory */
function fieldsNumbered(message: Span, number: number, most = maxParts): Field[] {
  const found: Field[] = [];
  for (const field of fieldsOf(message)) {
    if (field.number !== number) continue;
    if (found.length === most) throw new OnnxError(`byte ${field.at}: more than ${most} elements`);
    found.push(field);
  }
  return found;
}

function domainOf(message: Span, number: number): string {
  const domain = textOf(message, number);
  return domain === 'ai.onnx' ? '' : domain;
}

function readGraph(span: Span): Graph {
  checkSize(span);
  const initializers = new Map<string, Span>();
  for (const field of fieldsNumbered(span, 5)) {
    refuseElsewhere(toSpan(field));
    initializers.set(textOf(toSpan(field), 8), toSpan(field));
  }
  return {
    nodes: fieldsNumbered(span, 1).map(readNode),
    initializers,
    inputs: fieldsNumbered(span, 11)
      .map(readValueInfo)
      .filter(({ name }) => !initializers.has(name)),
    outputs: fieldsNumbered(span, 12).map(readValueInfo),
  };
}

/** @throws OnnxError for a graph that would take too much memory, or with sparse tensors */
function checkSize(graph: Span): void {
  let parts = 0;
  for (const field of fieldsOf(graph)) {
    if (field.number === 15) throw new OnnxError(`byte ${field.at}: sparse tensors are not supported`);
    if (field.number === 1) for (const _ of fieldsOf(toSpan(field))) parts++;
    if (++parts > maxParts) {
      throw new OnnxError(`byte ${field.at}: more than ${maxParts} elements in one graph`);
    }
  }
}

function readNode(field: Field): Node {
  const span = toSpan(field);
  const attributes = new Map<string, Span>();
  for (const attribute of fieldsNumbered(span, 5)) {
    const name = textOf(toSpan(attribute), 1);
    if (attributes.has(name)) {
      throw new OnnxError(`byte ${attribute.at}: attribute ${quote(name)} occurs twice`);
    }
    attributes.set(name, toSpan(attribute));
  }
  return {
    name: textOf(span, 3),
    operator: textOf(span, 4),
    domain: domainOf(span, 7),
    inputs: fieldsNumbered(span, 1).map(toText),
    outputs: fieldsNumbered(span, 2).map(toText),
    attributes,
  };
}

const maxDimensions = 16;

function readValueInfo(field: Field): ValueInfo {
  const name = textOf(toSpan(field), 1);
  const type = messageOf(toSpan(field), 2);
  const tensor = type && messageOf(type, 1);
  if (tensor === undefined) return { name, elementType: undefined, dims: undefined };
  const shape = messageOf(tensor, 2);
  const dims = shape && fieldsNumbered(shape, 1, maxDimensions).map(readDimension);
  return { name, elementType: integerOf(tensor, 1), dims };
}

function readDimension(field: Field): number | undefined {
  const size = integerOf(toSpan(field), 1);
  return size > 0 ? size : undefined;
}
