/** Bytes of a pickle that leave one value on the stack. They need not be meaningful. */
export type Part = Uint8Array;

export function join(...parts: readonly (Part | number)[]): Uint8Array<ArrayBuffer> {
  const stretches = parts.map((part) => (typeof part === 'number' ? Uint8Array.of(part) : part));
  return new Uint8Array(Buffer.concat(stretches));
}

/** A complete pickle. */
export function pickle(...parts: readonly (Part | number)[]): Uint8Array<ArrayBuffer> {
  return join(0x80, 4, ...parts, 0x2e);
}

export const none: Part = Uint8Array.of(0x4e);
export const yes: Part = Uint8Array.of(0x88);
export const no: Part = Uint8Array.of(0x89);

export function text(value: string): Part {
  const bytes = Buffer.from(value);
  return join(0x58, uint32(bytes.length), bytes);
}

export function bytes(value: ArrayLike<number>): Part {
  return join(0x42, uint32(value.length), Uint8Array.from(value));
}

export function integer(value: number): Part {
  return join(0x4a, uint32(value));
}

export function float(value: number): Part {
  const view = new DataView(new ArrayBuffer(8));
  view.setFloat64(0, value);
  return join(0x47, new Uint8Array(view.buffer));
}

export function tuple(...entries: readonly Part[]): Part {
  return join(0x28, ...entries, 0x74);
}

export function list(...entries: readonly Part[]): Part {
  return join(0x5d, 0x28, ...entries, 0x65);
}

export function dict(entries: Readonly<Record<string, Part>>): Part {
  return join(0x7d, 0x28, ...Object.entries(entries).flatMap(([key, value]) => [text(key), value]), 0x75);
}

export function global(module: string, name: string): Part {
  return join(0x63, Buffer.from(`${module}\n${name}\n`));
}

export function call(callable: Part, ...args: readonly Part[]): Part {
  return join(callable, tuple(...args), 0x52);
}

/** An object of a class, constructed without arguments. */
export function instance(module: string, name: string, state: Readonly<Record<string, Part>>): Part {
  return join(global(module, name), 0x29, 0x81, dict(state), 0x62);
}

export function dtype(code: string, order = '<'): Part {
  const state = tuple(integer(3), text(order), none, none, none, integer(-1), integer(-1), integer(0));
  return join(call(global('numpy', 'dtype'), text(code), no, yes), state, 0x62);
}

export interface ArrayParts {
  readonly shape: readonly number[];
  readonly dtype: Part;
  readonly content: Part;
}

export function array({ shape, dtype: type, content }: ArrayParts): Part {
  const made = call(
    global('numpy.core.multiarray', '_reconstruct'),
    global('numpy', 'ndarray'),
    tuple(integer(0)),
    bytes([98]),
  );
  return join(made, tuple(integer(1), tuple(...shape.map(integer)), type, no, content), 0x62);
}

export function doubles(values: readonly number[], shape: readonly number[] = [values.length]): Part {
  const content = bytes(new Uint8Array(Float64Array.from(values).buffer));
  return array({ shape, dtype: dtype('f8'), content });
}

function uint32(value: number): Uint8Array {
  const view = new DataView(new ArrayBuffer(4));
  view.setInt32(0, value, true);
  return new Uint8Array(view.buffer);
}
