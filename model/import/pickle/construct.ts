import { allowedGlobals, type Role } from './allowed-globals.ts';
import { cost, type Machine } from './machine.ts';
import { buildArray, buildDtype, createArray, createDtype, fromBuffer, readScalar } from './numpy.ts';
import { describe, type GlobalName, type Instance, isKind, type PickleValue } from './pickle-value.ts';

/** Names of Latin-1, which has one byte per character. */
const latin1 = ['latin1', 'latin-1'];

/**
 * Interprets a call in the pickle: returns the data that a call of the allowed name stands for. Only this
 * package's code runs.
 */
export function construct(machine: Machine, callable: PickleValue, args: PickleValue): PickleValue {
  if (!isKind(callable, 'global')) throw machine.fault(`${describe(callable)} is called`);
  if (!isKind(args, 'tuple')) {
    throw machine.fault(`${callable.name} is called with ${describe(args)}, expected a tuple`);
  }
  machine.budget.spend(cost.object);
  const made = makers[roleOf(callable)](machine, callable, args.entries);
  if (made === undefined) {
    const shown = args.entries.slice(0, 4).map(describe).join(', ');
    throw machine.fault(`${callable.name} is called with (${shown})`);
  }
  return made;
}

/** Returns undefined where the arguments are not those that the library writes. */
type Make = (machine: Machine, callable: GlobalName, args: readonly PickleValue[]) => PickleValue | undefined;

const makers: Readonly<Record<Role, Make>> = {
  estimator: (machine, callable, args) =>
    args.length === 0 ? toInstance(machine, callable, args) : undefined,
  'joblib-array': (machine, callable, args) =>
    args.length === 0 ? toInstance(machine, callable, args) : undefined,
  tree: toInstance,
  opaque: (_, { name }) => ({ kind: 'opaque', name }),
  ndarray: () => undefined,
  object: () => undefined,
  reconstruct: createArray,
  frombuffer: fromBuffer,
  scalar: readScalar,
  dtype: createDtype,
  encode: encodeLatin1,
  bytes: (_machine, _callable, args) => (args.length === 0 ? new Uint8Array(0) : undefined),
  dict: (_machine, _callable, args) => (args.length === 0 ? { kind: 'dict', entries: [] } : undefined),
  reconstructor: reconstruct,
};

function roleOf({ name }: GlobalName): Role {
  return allowedGlobals.get(name) ?? 'object';
}

function toInstance({ offset }: Machine, { name }: GlobalName, args: readonly PickleValue[]): PickleValue {
  return { kind: 'instance', name, offset, args, state: undefined };
}

/** How protocol 2 writes bytes: as a string of the characters 0 to 255. */
function encodeLatin1(machine: Machine, _callable: GlobalName, [text, encoding]: readonly PickleValue[]) {
  if (typeof text !== 'string' || typeof encoding !== 'string' || !latin1.includes(encoding))
    return undefined;
  machine.budget.spend(text.length + cost.view);
  const bytes = new Uint8Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const point = text.charCodeAt(i);
    if (point > 255) return undefined;
    bytes[i] = point;
  }
  return bytes;
}

/** `copyreg._reconstructor(cls, object, None)`: an object without arguments. */
function reconstruct(machine: Machine, _callable: GlobalName, [type, base, state]: readonly PickleValue[]) {
  if (!isKind(type, 'global') || !isKind(base, 'global') || base.name !== 'builtins.object') return undefined;
  if (state !== null) return undefined;
  const role = roleOf(type);
  return role === 'estimator' || role === 'opaque' ? makers[role](machine, type, []) : undefined;
}

/** Sets the attributes of an object. */
export function build(machine: Machine, target: PickleValue, state: PickleValue): void {
  if (isKind(target, 'array')) buildArray(machine, target, state);
  else if (isKind(target, 'dtype')) buildDtype(machine, target, state);
  else if (isKind(target, 'instance')) buildInstance(machine, target, state);
  else if (!isKind(target, 'opaque')) {
    throw machine.fault(`${describe(target)} is given attributes`);
  }
}

function buildInstance({ fault }: Machine, target: Instance, state: PickleValue): void {
  if (target.state !== undefined || !isKind(state, 'dict')) {
    const problem = `${target.name} is given ${describe(state)}, expected a dict of attributes, once`;
    throw fault(problem);
  }
  target.state = state;
}
