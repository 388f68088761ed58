import type { Fault } from '../import-error.ts';
import type { Budget } from './budget.ts';
import type { ByteReader } from './byte-reader.ts';
import { readJoblibArray } from './joblib-array.ts';
import { createMachine, type Machine } from './machine.ts';
import { operations } from './operations.ts';
import { isKind, type PickleValue } from './pickle-value.ts';
import { refusedOperations } from './refused-operations.ts';

const protocolMark = 0x80;
const stop = 0x2e;
const build = 0x62;

export type PickleContext = {
  readonly reader: ByteReader;
  readonly budget: Budget;
  readonly fault: Fault;
  /** Within an array of objects that joblib wrote there are no further arrays of its own. */
  readonly isNested?: boolean;
};

/**
 * Interprets the operations of one pickle, protocols 2 to 5 (`Lib/pickletools.py` and `Lib/pickle.py` of CPython), to
 * plain data: no class is looked up and no function called, names are compared with a list. Arrays whose bytes
 * joblib put between the operations are read too. Time and memory are bounded by the length of the file.
 *
 * @throws ImportError with the byte at which the file is not as it must be
 */
export function readPickle(context: PickleContext): PickleValue {
  const { reader, fault } = context;
  const machine = createMachine(context);
  readProtocol(machine);
  for (;;) {
    machine.begin(reader.position);
    const code = reader.uint8('the next operation');
    if (code === stop) return machine.pop();
    const operation = operations.get(code);
    if (operation === undefined) throw unknownOperation(machine, code);
    operation(machine);
    if (code === build) readArrayBehind(machine, context);
  }

  function readArrayBehind(at: Machine, { isNested = false }: PickleContext): void {
    const wrapper = at.top();
    if (!isKind(wrapper, 'instance') || wrapper.name !== 'joblib.numpy_pickle.NumpyArrayWrapper') return;
    if (isNested) throw fault('an array within an array', { offset: at.offset });
    at.pop();
    at.push(readJoblibArray(at, wrapper, () => readPickle({ ...context, isNested: true })));
  }
}

function readProtocol({ reader, fault }: Machine): void {
  const offset = reader.position;
  if (reader.uint8('the protocol') !== protocolMark)
    throw fault('is not a pickle of protocol 2 to 5', { offset });
  const protocol = reader.uint8('the protocol');
  if (protocol < 2 || protocol > 5) throw fault(`protocol ${protocol}, expected 2 to 5`, { offset });
}

function unknownOperation({ fault, offset }: Machine, code: number) {
  const refused = refusedOperations.get(code);
  const hex = code.toString(16).padStart(2, '0');
  return fault(refused ? `the file asks for ${refused}` : `0x${hex} is no operation of a pickle`, { offset });
}
