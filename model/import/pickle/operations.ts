import { allowedGlobals, remedyFor, toGlobalName } from './allowed-globals.ts';
import { build, construct } from './construct.ts';
import { cost, type Machine } from './machine.ts';
import { type Dict, describe, isKind, type List, type PickleValue } from './pickle-value.ts';

type Operation = (machine: Machine) => void;

const maxLongBytes = 32;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

function pushText(machine: Machine, length: number): void {
  const { reader, budget, fault } = machine;
  const bytes = reader.take(length, 'a string');
  budget.spend(2 * length + cost.text);
  try {
    machine.push(utf8.decode(bytes));
  } catch (cause) {
    if (!(cause instanceof TypeError)) throw cause;
    throw fault('a string is not valid UTF-8');
  }
}

function pushBytes(machine: Machine, length: number): void {
  const bytes = machine.reader.take(length, 'an array of bytes');
  machine.budget.spend(cost.view);
  machine.push(bytes);
}

/** A little-endian integer in two's complement. A bigint where a number would be rounded. */
function pushLong(machine: Machine, length: number): void {
  const { reader, fault } = machine;
  if (length > maxLongBytes) throw fault(`an integer of ${length} bytes`);
  let value = 0n;
  for (const [i, byte] of reader.take(length, 'an integer').entries()) value |= BigInt(byte) << BigInt(8 * i);
  value = BigInt.asIntN(8 * length, value);
  const isSafe = value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER;
  machine.budget.spend(cost.object);
  machine.push(isSafe ? Number(value) : value);
}

function pushList(machine: Machine, entries: PickleValue[]): void {
  machine.budget.spend(cost.object);
  machine.push({ kind: 'list', entries });
}

function pushTuple(machine: Machine, entries: readonly PickleValue[]): void {
  machine.budget.spend(cost.object);
  machine.push({ kind: 'tuple', entries });
}

/** A tuple of one, two or three values. Array literals take the least memory. */
function pushShortTuple(machine: Machine, length: 1 | 2 | 3): void {
  machine.budget.spend(length * cost.entry);
  const third = machine.pop();
  if (length === 1) {
    pushTuple(machine, [third]);
    return;
  }
  const second = machine.pop();
  pushTuple(machine, length === 2 ? [second, third] : [machine.pop(), second, third]);
}

function pushDict(machine: Machine, entries: PickleValue[]): void {
  machine.budget.spend(cost.object);
  const dict: Dict = { kind: 'dict', entries: [] };
  setEntries(machine, dict, entries);
  machine.push(dict);
}

/** Usually all entries come at once; then the array is used without a copy. */
function setEntries(machine: Machine, target: PickleValue, entries: PickleValue[]): void {
  const { budget, fault } = machine;
  if (!isKind(target, 'dict') || entries.length % 2 === 1) {
    throw fault(`${describe(target)} is given ${entries.length} keys and values`);
  }
  if (target.entries.length === 0) {
    target.entries = entries;
  } else {
    budget.spend(entries.length * cost.slot);
    for (const entry of entries) target.entries.push(entry);
  }
}

function append(machine: Machine, entries: readonly PickleValue[]): void {
  const { budget, fault } = machine;
  const target = machine.top();
  if (!isKind(target, 'list')) throw fault(`${describe(target)} is appended to`);
  budget.spend(entries.length * cost.slot);
  for (const entry of entries) (target as List).entries.push(entry);
}

/** @throws ImportError for a name that is not on the list, even if it is never used */
function pushGlobal(machine: Machine, module: string, name: string): void {
  const { budget, fault, offset } = machine;
  const global = toGlobalName(module, name);
  if (!allowedGlobals.has(global)) {
    const problem = `${JSON.stringify(global.slice(0, 200))} is not among the classes that can be imported`;
    throw fault(problem, remedyFor(global));
  }
  budget.spend(cost.object);
  machine.push({ kind: 'global', name: global, offset });
}

function pushStackGlobal(machine: Machine): void {
  const name = machine.pop();
  const module = machine.pop();
  if (typeof module !== 'string' || typeof name !== 'string') {
    throw machine.fault(`${describe(module)} and ${describe(name)} are not names`);
  }
  pushGlobal(machine, module, name);
}

function pushConstructed(machine: Machine): void {
  const args = machine.pop();
  machine.push(construct(machine, machine.pop(), args));
}

function skipFrame(machine: Machine): void {
  const { reader, fault } = machine;
  const length = reader.uint64('a frame');
  if (length > reader.remaining) {
    throw fault(`the file ends within a frame: ${length} bytes expected, ${reader.remaining} left`);
  }
}

const latin1 = (bytes: Uint8Array) => String.fromCharCode(...bytes);

/** Protocols 2 to 5, as in `Lib/pickletools.py` of CPython, without operations that no model needs. */
export const operations: ReadonlyMap<number, Operation> = new Map<number, Operation>([
  [0x95, skipFrame],
  [0x28, (machine) => machine.mark()],
  [0x30, (machine) => void machine.pop()],
  [0x31, (machine) => void machine.popToMark()],
  [0x32, (machine) => machine.push(machine.top())],
  [0x4e, (machine) => machine.push(null)],
  [0x88, (machine) => machine.push(true)],
  [0x89, (machine) => machine.push(false)],
  [0x4a, (machine) => machine.push(machine.reader.int32('a number'))],
  [0x4b, (machine) => machine.push(machine.reader.uint8('a number'))],
  [0x4d, (machine) => machine.push(machine.reader.uint16('a number'))],
  [0x8a, (machine) => pushLong(machine, machine.reader.uint8('a number'))],
  [0x8b, (machine) => pushLong(machine, machine.reader.uint32('a number'))],
  [0x47, pushFloat],
  [0x43, (machine) => pushBytes(machine, machine.reader.uint8('an array of bytes'))],
  [0x42, (machine) => pushBytes(machine, machine.reader.uint32('an array of bytes'))],
  [0x8e, (machine) => pushBytes(machine, machine.reader.uint64('an array of bytes'))],
  [0x96, (machine) => pushBytes(machine, machine.reader.uint64('an array of bytes'))],
  [0x8c, (machine) => pushText(machine, machine.reader.uint8('a string'))],
  [0x58, (machine) => pushText(machine, machine.reader.uint32('a string'))],
  [0x8d, (machine) => pushText(machine, machine.reader.uint64('a string'))],
  [0x5d, (machine) => pushList(machine, [])],
  [0x6c, (machine) => pushList(machine, machine.popToMark())],
  [0x61, (machine) => append(machine, [machine.pop()])],
  [0x65, (machine) => append(machine, machine.popToMark())],
  [0x29, (machine) => pushTuple(machine, [])],
  [0x85, (machine) => pushShortTuple(machine, 1)],
  [0x86, (machine) => pushShortTuple(machine, 2)],
  [0x87, (machine) => pushShortTuple(machine, 3)],
  [0x74, (machine) => pushTuple(machine, machine.popToMark())],
  [0x7d, (machine) => pushDict(machine, [])],
  [0x64, (machine) => pushDict(machine, machine.popToMark())],
  [0x73, setEntry],
  [0x75, setMarkedEntries],
  [0x63, pushNamedGlobal],
  [0x93, pushStackGlobal],
  [0x52, pushConstructed],
  [0x81, pushConstructed],
  [0x62, buildTop],
  [0x68, (machine) => machine.push(machine.recall(machine.reader.uint8('a number')))],
  [0x6a, (machine) => machine.push(machine.recall(machine.reader.uint32('a number')))],
  [0x71, (machine) => machine.memoize(machine.reader.uint8('a number'))],
  [0x72, (machine) => machine.memoize(machine.reader.uint32('a number'))],
  [0x94, (machine) => machine.memoize()],
]);

function pushFloat(machine: Machine): void {
  machine.budget.spend(cost.slot);
  machine.push(machine.reader.float64('a number'));
}

function setEntry(machine: Machine): void {
  const value = machine.pop();
  const key = machine.pop();
  setEntries(machine, machine.top(), [key, value]);
}

function setMarkedEntries(machine: Machine): void {
  const entries = machine.popToMark();
  setEntries(machine, machine.top(), entries);
}

function pushNamedGlobal(machine: Machine): void {
  const module = latin1(machine.reader.line('a name'));
  pushGlobal(machine, module, latin1(machine.reader.line('a name')));
}

function buildTop(machine: Machine): void {
  const state = machine.pop();
  build(machine, machine.top(), state);
}
