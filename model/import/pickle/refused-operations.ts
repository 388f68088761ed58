const oldProtocol =
  'an operation of protocols 0 and 1, which no model of scikit-learn 1.0 or later is dumped with';
const outOfBand = 'a buffer that is not in the file';
const extension = 'a name by its number in a registry of the program that made it';

/** Operations of pickles that are known, but never needed by a model: by their code, what each asks for. */
export const refusedOperations: ReadonlyMap<number, string> = new Map([
  [0x50, 'an object that is not in the file (PERSID)'],
  [0x51, 'an object that is not in the file (BINPERSID)'],
  [0x97, `${outOfBand} (NEXT_BUFFER)`],
  [0x98, `${outOfBand} (READONLY_BUFFER)`],
  [0x82, `${extension} (EXT1)`],
  [0x83, `${extension} (EXT2)`],
  [0x84, `${extension} (EXT4)`],
  [0x69, 'a call of the class named here (INST)'],
  [0x6f, 'a call of a class (OBJ)'],
  [0x92, 'an object with named arguments (NEWOBJ_EX)'],
  [0x8f, 'a set (EMPTY_SET)'],
  [0x90, 'entries of a set (ADDITEMS)'],
  [0x91, 'a frozenset (FROZENSET)'],
  [0x54, 'a text of Python 2 (BINSTRING)'],
  [0x55, 'a text of Python 2 (SHORT_BINSTRING)'],
  ...[0x49, 0x4c, 0x46, 0x53, 0x56, 0x67, 0x70].map((code) => [code, oldProtocol] as const),
]);
