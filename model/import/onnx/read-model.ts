import protobuf from 'protobufjs';
import { OnnxError, quote } from './onnx-error.ts';
import { type ModelMessage, modelType, type Node, type StoredTensor, type ValueInfo } from './onnx-schema.ts';
import { refuseElsewhere } from './read-tensor.ts';

export interface OnnxModel {
  readonly producer: string;
  readonly opset: number;
  readonly graph: Graph;
}

export interface Graph {
  readonly nodes: readonly Node[];
  readonly initializers: ReadonlyMap<string, StoredTensor>;
  /** Without inputs that an initializer provides. */
  readonly inputs: readonly ValueInfo[];
  readonly outputs: readonly ValueInfo[];
}

const maxFileBytes = 256 * 2 ** 20;
const maxElements = 100_000;
const maxValues = 2 ** 24;

/** @throws OnnxError */
export function readModel(bytes: Uint8Array): OnnxModel {
  if (bytes.length > maxFileBytes) {
    throw new OnnxError(`${bytes.length} bytes, more than the limit of ${maxFileBytes}`);
  }
  const { producer, version, opsets, graph } = decode(bytes);
  if (graph === null) throw new OnnxError('is not an ONNX model: it has no graph');
  if (Object.hasOwn(graph, 'sparse')) throw new OnnxError('sparse tensors are not supported');
  const versions = new Map(opsets.map((opset) => [toDomain(opset.domain), opset.version]));
  const nodes = graph.nodes.map((node) => Object.assign(node, { domain: toDomain(node.domain) }));
  for (const { domain, attributes } of nodes) {
    if (!versions.has(domain))
      throw new OnnxError(`no opset version is given for the domain ${quote(domain)}`);
    const names = attributes.map(({ name }) => name);
    if (new Set(names).size < names.length) throw new OnnxError(`an attribute occurs twice: ${names.join()}`);
  }
  for (const tensor of graph.initializers) refuseElsewhere(tensor);
  const initializers = new Map(graph.initializers.map((tensor) => [tensor.name, tensor]));
  const inputs = graph.inputs.filter(({ name }) => !initializers.has(name));
  return {
    producer: `${producer} ${version}`.trim(),
    opset: versions.get('') ?? 0,
    graph: { nodes, initializers, inputs, outputs: graph.outputs },
  };
}

function toDomain(name: string): string {
  return name === 'ai.onnx' ? '' : name;
}

function decode(bytes: Uint8Array): ModelMessage {
  try {
    checkSize(bytes);
    // Messages of a schema that is parsed at run time have no types of their own.
    return modelType.decode(createReader(bytes)) as unknown as ModelMessage;
  } catch (cause) {
    if (cause instanceof OnnxError) throw cause;
    throw new OnnxError(`is not an ONNX model, or is damaged: ${(cause as Error).message}`, { cause });
  }
}

/** The fields of a message that hold messages of which there may be many, by their number. */
interface Nested {
  readonly [field: number]: Nested;
}

const valueInfo: Nested = { 2: { 1: { 2: {} } } };
const modelFields: Nested = { 7: { 1: {}, 11: valueInfo, 12: valueInfo } };

/** @throws OnnxError for more than `maxElements` elements, before they take memory */
function checkSize(bytes: Uint8Array): void {
  const reader = protobuf.Reader.create(bytes);
  let elements = 0;
  function countFields(end: number, nested: Nested): void {
    while (reader.pos < end) {
      if (++elements > maxElements) throw new OnnxError(`more than ${maxElements} elements`);
      const tag = reader.uint32();
      const inner = nested[tag >>> 3];
      if (inner && (tag & 7) === 2) countFields(reader.uint32() + reader.pos, inner);
      else reader.skipType(tag & 7);
    }
  }
  countFields(bytes.length, modelFields);
}

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A reader that counts values, and reads integers as numbers, so that memory is a small multiple of the file's size. */
function createReader(bytes: Uint8Array): protobuf.Reader {
  const reader = protobuf.Reader.create(bytes);
  const readInteger = reader.int64;
  let values = 0;
  const count = () => {
    if (++values > maxValues) throw new OnnxError(`more than ${maxValues} values`);
  };
  return Object.assign(reader, {
    discardUnknown: true,
    int64() {
      count();
      const value = protobuf.util.LongBits.from(readInteger.call(reader)).toNumber();
      if (!Number.isSafeInteger(value)) throw new OnnxError('an integer beyond ±2^53');
      return value;
    },
    string() {
      count();
      return decodeText(reader.bytes());
    },
  });
}

function decodeText(bytes: Uint8Array): string {
  try {
    return utf8.decode(bytes);
  } catch (cause) {
    throw new OnnxError('text is not valid UTF-8', { cause });
  }
}
