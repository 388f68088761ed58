import { createMachine, type Machine, type PickleContext } from './machine.ts';
import { readJoblibArray } from './numpy.ts';
import { operations } from './operations.ts';
import { isKind, type PickleValue } from './pickle-value.ts';

const protocolMark = 0x80;
const stop = 0x2e;
const build = 0x62;

/**
 * Interprets one pickle of protocol 2 to 5 (`Lib/pickletools.py` and `Lib/pickle.py` of CPython) as plain
 * data. Names of classes and functions are compared with a list; nothing is imported or called. Arrays that
 * joblib stored between the operations are read too. Time and memory are bounded by the length of the file.
 *
 * @throws ImportError with the byte offset of the fault
 */
export function readPickle(context: PickleContext): PickleValue {
  return interpret(context, { isNested: false });
}

/** @param isNested within an array of objects, which cannot contain further joblib arrays */
function interpret(context: PickleContext, { isNested }: { isNested: boolean }): PickleValue {
  const { reader } = context;
  const machine = createMachine(context);
  machine.begin(reader.position);
  readProtocol(machine);
  for (;;) {
    machine.begin(reader.position);
    const code = reader.uint8('the next operation');
    if (code === stop) return machine.pop();
    const operation = operations.get(code);
    if (operation === undefined) throw unknownOperation(machine, code);
    operation(machine);
    const built = code === build ? machine.top() : undefined;
    if (!isKind(built, 'instance') || built.name !== 'joblib.numpy_pickle.NumpyArrayWrapper') continue;
    if (isNested) throw machine.fault('a joblib array inside a joblib array');
    machine.pop();
    machine.push(readJoblibArray(machine, built, () => interpret(context, { isNested: true })));
  }
}

function readProtocol({ reader, fault }: Machine): void {
  if (reader.uint8('the protocol') !== protocolMark) throw fault('is not a pickle of protocol 2 to 5');
  const protocol = reader.uint8('the protocol');
  if (protocol < 2 || protocol > 5) throw fault(`protocol ${protocol}, expected 2 to 5`);
}

function unknownOperation({ fault }: Machine, code: number) {
  const refused = refusedOperations.get(code);
  const hex = code.toString(16).padStart(2, '0');
  return fault(refused ? `the file has ${refused}` : `0x${hex} is not a pickle operation`);
}

const oldProtocol = 'an operation of protocol 0 or 1, which scikit-learn 1.0 and later do not use';
const outOfBand = 'a reference to a buffer outside the file';
const extension = 'a name from the extension registry of another program';

/** Known operations that no model needs, with a description of each. */
const refusedOperations: ReadonlyMap<number, string> = new Map([
  [0x50, 'a reference to an object outside the file (PERSID)'],
  [0x51, 'a reference to an object outside the file (BINPERSID)'],
  [0x97, `${outOfBand} (NEXT_BUFFER)`],
  [0x98, `${outOfBand} (READONLY_BUFFER)`],
  [0x82, `${extension} (EXT1)`],
  [0x83, `${extension} (EXT2)`],
  [0x84, `${extension} (EXT4)`],
  [0x69, 'a call of a class (INST)'],
  [0x6f, 'a call of a class (OBJ)'],
  [0x92, 'an object with keyword arguments (NEWOBJ_EX)'],
  [0x8f, 'a set (EMPTY_SET)'],
  [0x90, 'entries of a set (ADDITEMS)'],
  [0x91, 'a frozenset (FROZENSET)'],
  [0x54, 'a Python 2 string (BINSTRING)'],
  [0x55, 'a Python 2 string (SHORT_BINSTRING)'],
  ...[0x49, 0x4c, 0x46, 0x53, 0x56, 0x67, 0x70].map((code) => [code, oldProtocol] as const),
]);
