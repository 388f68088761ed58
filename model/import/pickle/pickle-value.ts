/**
 * The content of a pickle as plain data. References are kept, so a value may be shared or contain itself:
 * every traversal must be bounded.
 */
export type PickleValue =
  | null
  | boolean
  | number
  | bigint
  | string
  | Uint8Array
  | List
  | Tuple
  | Dict
  | GlobalName
  | Instance
  | Opaque
  | Dtype
  | NdArray;

export interface List {
  readonly kind: 'list';
  readonly entries: PickleValue[];
}
export interface Tuple {
  readonly kind: 'tuple';
  readonly entries: readonly PickleValue[];
}

/** Keys and values alternate, in the order of the file. Of equal keys, the last one counts. */
export interface Dict {
  readonly kind: 'dict';
  entries: PickleValue[];
}

/** An allowed class or function. It is never called; its name determines the data that it stands for. */
export interface GlobalName {
  readonly kind: 'global';
  readonly name: string;
  readonly offset: number;
}

/** An object of an allowed class, with its attributes. */
export interface Instance {
  readonly kind: 'instance';
  readonly name: string;
  /** Byte offset in the file. */
  readonly offset: number;
  /** The arguments of the constructor. */
  readonly args: readonly PickleValue[];
  /** The attributes; undefined until they are read. */
  state: Dict | undefined;
}

/** An object that does not affect predictions, such as a random state. */
export interface Opaque {
  readonly kind: 'opaque';
  readonly name: string;
}

/** A NumPy dtype. `code` is its letter and size, such as f8. A structured dtype has `fields`. */
export interface Dtype {
  readonly kind: 'dtype';
  readonly code: string;
  isLittleEndian: boolean;
  itemSize: number;
  fields?: ReadonlyMap<string, { readonly dtype: Dtype; readonly offset: number }>;
  /** True once an array uses the dtype, which must not change afterwards. */
  isSettled: boolean;
}

/**
 * A NumPy array. `bytes` is a view of the file, exactly as long as shape and dtype require; an array of
 * objects has `objects` instead. Elements are in C order, or in Fortran order, where the first index varies
 * fastest.
 */
export interface NdArray {
  readonly kind: 'array';
  /** Byte offset in the file. */
  readonly offset: number;
  shape: readonly number[];
  dtype: Dtype;
  isFortran: boolean;
  bytes: Uint8Array;
  objects?: readonly PickleValue[];
  isBuilt: boolean;
}

/** @returns undefined when the key does not exist */
export function findEntry({ entries }: Dict, key: string): PickleValue | undefined {
  for (let at = entries.length - 2; at >= 0; at -= 2) {
    if (entries[at] === key) return entries[at + 1];
  }
  return undefined;
}

type Tagged = Extract<PickleValue, { kind: string }>;

export function isKind<Kind extends Tagged['kind']>(
  value: PickleValue | undefined,
  kind: Kind,
): value is Extract<Tagged, { kind: Kind }> {
  return typeof value === 'object' && value !== null && 'kind' in value && value.kind === kind;
}

/** A description of a value for error messages. */
export function describe(value: PickleValue | undefined): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'None';
  if (value instanceof Uint8Array) return `${value.length} bytes`;
  if (typeof value === 'string') return JSON.stringify(value.length > 40 ? `${value.slice(0, 40)}…` : value);
  if (typeof value !== 'object') return String(value).slice(0, 40);
  switch (value.kind) {
    case 'list':
    case 'tuple':
      return `a ${value.kind} of ${value.entries.length}`;
    case 'dict':
      return `a dict of ${value.entries.length / 2}`;
    case 'dtype':
      return `the dtype ${value.code}`;
    case 'array':
      return `an array of shape (${value.shape.join(', ')}) and dtype ${value.dtype.code}`;
    default:
      return value.name;
  }
}
