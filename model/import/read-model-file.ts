import { decompress } from './decompress.ts';
import { dumpAgain, type Fault, ImportError } from './import-error.ts';
import { createBudget, fixedAllowance } from './pickle/budget.ts';
import { createByteReader } from './pickle/byte-reader.ts';
import type { PickleValue } from './pickle/pickle-value.ts';
import { readPickle } from './pickle/read-pickle.ts';

/** How many times a file's own size, and a constant, reading it may take in memory: the file itself included. */
const maxGrowth = 10;

export type ModelFile = { readonly value: PickleValue; readonly fault: Fault };

/**
 * The one object that a file of pickle or joblib holds, as plain data.
 *
 * @param source the file's name, for the messages
 * @throws ImportError
 */
export async function readModelFile(bytes: Uint8Array, source: string): Promise<ModelFile> {
  const fault: Fault = (problem, { offset, remedy = dumpAgain } = {}) =>
    new ImportError(source, { problem, remedy, offset });
  const expanded = await decompress(bytes, fault);
  const held = bytes.length + (expanded === bytes ? 0 : expanded.length);
  const budget = createBudget(maxGrowth * bytes.length + fixedAllowance - held, fault);
  const reader = createByteReader(expanded, fault);
  const value = readPickle({ reader, budget, fault });
  if (reader.remaining > 0) {
    const remedy = 'Dump each object to a file of its own';
    throw fault(`${reader.remaining} bytes follow the end of the pickle`, {
      offset: reader.position,
      remedy,
    });
  }
  return { value, fault };
}
