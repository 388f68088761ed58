import { modelType } from '../onnx-schema.ts';

/** Encodes ONNX models for tests, with the part of the format that they need. */
type Attribute =
  | number
  | string
  | readonly number[]
  | readonly string[]
  | { readonly floats: readonly number[] };

export interface NodeOf {
  readonly operator: string;
  readonly domain?: string;
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes?: Readonly<Record<string, Attribute>>;
}

export interface ModelOf {
  readonly nodes: readonly NodeOf[];
  readonly width?: number;
  readonly constants?: Readonly<Record<string, { dims: readonly number[]; values: readonly number[] }>>;
  readonly inputs?: readonly object[];
  readonly outputs?: readonly object[];
}

export function encodeModel({ nodes, width = 2, constants = {}, inputs, outputs }: ModelOf): Uint8Array {
  const domains = new Set(nodes.map(({ domain = '' }) => domain));
  const graph = {
    nodes: nodes.map(({ attributes = {}, ...node }) => {
      return { ...node, attributes: Object.entries(attributes).map(toAttribute) };
    }),
    initializers: Object.entries(constants).map(([name, { dims, values }]) => {
      return { name, dims, type: 1, raw: Buffer.from(Float32Array.from(values).buffer) };
    }),
    inputs: inputs ?? [valueInfo('X', { elementType: 1, dims: [undefined, width] })],
    outputs: outputs ?? [valueInfo('scores', { elementType: 1, dims: [] })],
  };
  const opsets = [...domains].map((domain) => ({ domain, version: domain === '' ? 15 : 1 }));
  return modelType.encode({ graph, opsets }).finish();
}

/** A size that is not fixed is undefined. */
export function valueInfo(
  name: string,
  { elementType, dims }: { elementType: number; dims: (number | undefined)[] },
): object {
  const sizes = dims.map((size) => (size === undefined ? {} : { size }));
  return { name, type: { tensor: { element: elementType, shape: { dims: sizes } } } };
}

function toAttribute([name, value]: [string, Attribute]): object {
  if (typeof value === 'number') return { name, integer: value };
  if (typeof value === 'string') return { name, text: value };
  if ('floats' in value) return { name, ...value };
  return { name, [typeof value[0] === 'string' ? 'texts' : 'integers']: value };
}
