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
  readonly inputs?: readonly Uint8Array[];
  readonly outputs?: readonly Uint8Array[];
}

export function encodeModel({ nodes, width = 2, constants = {}, inputs, outputs }: ModelOf): Uint8Array {
  const graph = [
    ...nodes.map((node) => bytes(1, encodeNode(node))),
    ...Object.entries(constants).map(([name, tensor]) => bytes(5, encodeTensor(name, tensor))),
    ...(inputs ?? [encodeValueInfo('X', { elementType: 1, dims: [undefined, width] })]).map((info) =>
      bytes(11, info),
    ),
    ...(outputs ?? [encodeValueInfo('scores', { elementType: 1, dims: [] })]).map((info) => bytes(12, info)),
  ];
  const domains = new Set(nodes.map(({ domain = '' }) => domain));
  const opsets = [...domains].map((domain) =>
    bytes(8, join([text(1, domain), integer(2, domain === '' ? 15 : 1)])),
  );
  return join([integer(1, 8), bytes(7, join(graph)), ...opsets]);
}

export function encodeValueInfo(
  name: string,
  type: { elementType: number; dims: (number | undefined)[] },
): Uint8Array {
  const shape = type.dims.map((size) => bytes(1, size === undefined ? new Uint8Array() : integer(1, size)));
  const tensor = join([integer(1, type.elementType), bytes(2, join(shape))]);
  return join([text(1, name), bytes(2, bytes(1, tensor))]);
}

function encodeNode({ operator, domain = '', inputs, outputs, attributes = {} }: NodeOf): Uint8Array {
  return join([
    ...inputs.map((name) => text(1, name)),
    ...outputs.map((name) => text(2, name)),
    text(4, operator),
    ...Object.entries(attributes).map(([name, value]) =>
      bytes(5, join([text(1, name), encodeAttribute(value)])),
    ),
    text(7, domain),
  ]);
}

function encodeAttribute(value: Attribute): Uint8Array {
  if (typeof value === 'number') return integer(3, value);
  if (typeof value === 'string') return text(4, value);
  if ('floats' in value) return bytes(7, floats(value.floats));
  return join(value.map((entry) => (typeof entry === 'number' ? integer(8, entry) : text(9, entry))));
}

function encodeTensor(
  name: string,
  { dims, values }: { dims: readonly number[]; values: readonly number[] },
) {
  return join([
    ...dims.map((size) => integer(1, size)),
    integer(2, 1),
    text(8, name),
    bytes(9, floats(values)),
  ]);
}

function floats(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float32Array.from(values).buffer);
}

/** A field of wire type 0; negative numbers as 64 bits. */
export function integer(field: number, value: number): Uint8Array {
  return join([varint(field * 8), varint(value)]);
}

/** A field of wire type 2. */
export function bytes(field: number, payload: Uint8Array): Uint8Array {
  return join([varint(field * 8 + 2), varint(payload.length), payload]);
}

export function text(field: number, value: string): Uint8Array {
  return bytes(field, new TextEncoder().encode(value));
}

function varint(value: number): Uint8Array {
  const encoded: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  for (; rest >= 128n; rest >>= 7n) encoded.push(Number(rest & 127n) | 128);
  return Uint8Array.of(...encoded, Number(rest));
}

export function join(parts: readonly Uint8Array[]): Uint8Array {
  return new Uint8Array(Buffer.concat(parts));
}
