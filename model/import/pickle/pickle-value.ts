/**
 * What a pickle holds, as plain data. References are kept as they are in the file, so that a value may be shared or
 * contain itself: nothing here may be walked without a bound.
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

/** Keys and values in turn, in the order of the file; of entries with one key the last counts. */
export interface Dict {
  readonly kind: 'dict';
  entries: PickleValue[];
}

/** A class or function of the allow-list, which is never called: its name decides what data it stands for. */
export interface GlobalName {
  readonly kind: 'global';
  readonly name: string;
  readonly offset: number;
}

/** An object of an allowed class, with the attributes that the file gives it. */
export interface Instance {
  readonly kind: 'instance';
  readonly name: string;
  /** Where in the file it begins. */
  readonly offset: number;
  /** What the class was constructed with. */
  readonly args: readonly PickleValue[];
  /** Its attributes; undefined until the file gives them. */
  state: Dict | undefined;
}

/** Something that sits in an estimator without bearing on its predictions, such as a random state. */
export interface Opaque {
  readonly kind: 'opaque';
  readonly name: string;
}

/** Of one element: NumPy's letter for it and its size, such as f8, and its byte order; of a structure its fields. */
export interface Dtype {
  readonly kind: 'dtype';
  readonly code: string;
  isLittleEndian: boolean;
  itemSize: number;
  fields?: ReadonlyMap<string, { readonly dtype: Dtype; readonly offset: number }>;
  /** Once true it never changes again, because an array relies on it. */
  isSettled: boolean;
}

/**
 * NumPy's ndarray. `bytes` is a view into the file, exactly as long as shape and dtype say; an array of objects has
 * `objects` instead. Elements are in C order, or in Fortran order, where the first index runs fastest.
 */
export interface NdArray {
  readonly kind: 'array';
  /** Where in the file it begins. */
  readonly offset: number;
  shape: readonly number[];
  dtype: Dtype;
  isFortran: boolean;
  bytes: Uint8Array;
  objects?: readonly PickleValue[];
  isBuilt: boolean;
}

/** @returns undefined when there is no such key */
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

/** What a value is, for messages. */
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
