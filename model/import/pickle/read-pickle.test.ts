import { deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import {
  array,
  bytes,
  call,
  dict,
  doubles,
  dtype,
  float,
  global,
  integer,
  join,
  list,
  no,
  none,
  type Part,
  pickle,
  text,
  tuple,
  yes,
} from '../testing/write-pickle.ts';
import { toNumbers } from './nd-array.ts';
import { isKind } from './pickle-value.ts';
import { readModelFile } from './read-model-file.ts';

async function read(file: Uint8Array) {
  return (await readModelFile(file, 'model.pkl')).value;
}

function failure(file: Uint8Array): Promise<string> {
  return read(file).then(
    () => 'no error',
    (error: Error) => `${error.name}: ${error.message}`,
  );
}

async function numbersOf(file: Uint8Array): Promise<number[]> {
  const value = await read(file);
  if (!isKind(value, 'array')) throw new Error('expected an array');
  return Array.from(toNumbers(value));
}

const argument = text('touch /tmp/owned');

describe('readPickle', () => {
  test('reads numbers, texts, bytes, lists, tuples and dicts', async () => {
    const entries = [integer(-5), float(0.1), text('°C'), bytes([1, 2]), none, yes, no, tuple(), list()];
    expect(await read(pickle(list(...entries, dict({ a: integer(1) }))))).toEqual({
      kind: 'list',
      entries: [
        -5,
        0.1,
        '°C',
        Uint8Array.of(1, 2),
        null,
        true,
        false,
        { kind: 'tuple', entries: [] },
        { kind: 'list', entries: [] },
        { kind: 'dict', entries: ['a', 1] },
      ],
    });
  });

  test('reads integers of many bytes exactly', async () => {
    const long = (...digits: number[]) => join(0x8a, digits.length, Uint8Array.from(digits));
    expect(await read(pickle(list(long(), long(255), long(0, 1), long(0, 0, 0, 0, 0, 0, 0, 128))))).toEqual({
      kind: 'list',
      entries: [0, -1, 256, -(2n ** 63n)],
    });
  });

  test('returns a memoized value', async () => {
    expect(await read(pickle(list(), 0x94, 0x68, 0, 0x68, 0, 0x87))).toEqual({
      kind: 'tuple',
      entries: [0, 1, 2].map(() => ({ kind: 'list', entries: [] })),
    });
  });

  test.each([
    ['zlib', deflateSync],
    ['gzip', gzipSync],
  ])('reads through %s', async (_, compress) => {
    expect(await read(compress(pickle(integer(7))))).toBe(7);
  });

  test.each(['<', '>'])('reads numbers of the byte order %s', async (order) => {
    const view = new DataView(new ArrayBuffer(8));
    view.setFloat32(0, 1.5, order === '<');
    view.setFloat32(4, -2, order === '<');
    const content = bytes(new Uint8Array(view.buffer));
    expect(await numbersOf(pickle(array({ shape: [2], dtype: dtype('f4', order), content })))).toEqual([
      1.5, -2,
    ]);
  });

  test('puts Fortran order into C order', async () => {
    const content = bytes(new Uint8Array(Float64Array.of(1, 4, 2, 5, 3, 6).buffer));
    const called = call(
      global('numpy._core.numeric', '_frombuffer'),
      content,
      dtype('f8'),
      tuple(integer(2), integer(3)),
      text('F'),
    );
    expect(await numbersOf(pickle(called))).toEqual([1, 2, 3, 4, 5, 6]);
  });

  test('reads bytes as protocol 2 writes them', async () => {
    const encoded = call(global('_codecs', 'encode'), text('aÿ\u0000'), text('latin1'));
    expect(await read(pickle(encoded))).toEqual(Uint8Array.of(97, 255, 0));
  });
});

describe('objects that do not affect predictions', () => {
  test.each([
    ['numpy.random._pickle', '__randomstate_ctor'],
    ['sklearn._loss._loss', 'CyHalfBinomialLoss'],
    ['_loss', '__pyx_unpickle_CyHalfBinomialLoss'],
    ['sklearn.neighbors._kd_tree', 'newObj'],
    ['sklearn.neighbors._dist_metrics', 'EuclideanDistance'],
  ])('is read and left aside: %s.%s', async (module, name) => {
    const made = join(call(global(module, name), argument), dict({ a: none }), 0x62);
    expect(await read(pickle(made))).toEqual({ kind: 'opaque', name: `${module}.${name}` });
  });
});

describe('a pickle that calls a function', () => {
  test.each<[string, Part]>([
    ['posix.system', call(global('posix', 'system'), argument)],
    ['nt.system', call(global('nt', 'system'), argument)],
    ['os.system', join(text('os'), text('system'), 0x93, argument, 0x85, 0x52)],
    ['builtins.eval', call(global('__builtin__', 'eval'), argument)],
    ['builtins.exec', call(global('builtins', 'exec'), argument)],
    ['builtins.getattr', call(global('builtins', 'getattr'), argument, argument)],
    ['builtins.getattr.__call__', join(text('builtins'), text('getattr.__call__'), 0x93)],
    ['subprocess.Popen', call(global('subprocess', 'Popen'), argument)],
    ['importlib.import_module', call(global('importlib', 'import_module'), text('os'))],
    ['operator.attrgetter', call(global('operator', 'attrgetter'), argument)],
    ['functools.partial', call(global('functools', 'partial'), argument)],
    [
      'numpy.testing._private.utils.runstring',
      call(global('numpy.testing._private.utils', 'runstring'), argument),
    ],
    ['numpy.load', call(global('numpy', 'load'), argument)],
    ['joblib.numpy_pickle.load', call(global('joblib.numpy_pickle', 'load'), argument)],
    [
      'sklearn.preprocessing._discretization.KBinsDiscretizer',
      global('sklearn.preprocessing._discretization', 'KBinsDiscretizer'),
    ],
    ['numpy.ma.core._mareconstruct', global('numpy.ma.core', '_mareconstruct')],
    ['scipy.sparse._csr.csr_matrix', global('scipy.sparse._csr', 'csr_matrix')],
    ['__main__.Model', global('__main__', 'Model')],
    ['copyreg.__reduce_ex__', global('copy_reg', '__reduce_ex__')],
    ['__builtin__.constructor', global('__builtin__', 'constructor')],
    ['toString.toString', global('toString', 'toString')],
    ['__proto__.__proto__', join(text('__proto__'), text('__proto__'), 0x93)],
  ])('is refused by the name %s', async (name, part) => {
    const shown = name.replace('__builtin__', 'builtins');
    expect(await failure(pickle(list(integer(1), part)))).toMatch(
      new RegExp(
        `^ImportError: model.pkl: at byte \\d+: "${shown}" is not among the classes that can be imported\\.`,
      ),
    );
  });

  test('is refused deep inside an allowed object, with its byte offset', async () => {
    const evil = call(global('posix', 'system'), argument);
    const file = pickle(dict({ a: list(tuple(evil)) }));
    const at = Buffer.from(file).indexOf('cposix');
    expect(await failure(file)).toContain(`at byte ${at}: "posix.system"`);
  });

  test.each<[string, (Part | number)[], string]>([
    ['calls a text', [text('os.system'), tuple(argument), 0x52], '"os.system" is called'],
    [
      'calls the result of a call',
      [call(global('collections', 'OrderedDict')), tuple(), 0x52],
      'a dict of 0 is called',
    ],
    [
      'encodes with another codec',
      [call(global('_codecs', 'encode'), argument, text('rot13'))],
      '_codecs.encode is called with ("touch /tmp/owned", "rot13")',
    ],
    [
      'makes an array of another class',
      [call(global('numpy.core.multiarray', '_reconstruct'), global('numpy', 'dtype'), tuple(), none)],
      '_reconstruct is called with (numpy.dtype,',
    ],
    [
      'reconstructs from a base with a state',
      [
        call(
          global('copyreg', '_reconstructor'),
          global('numpy', 'ndarray'),
          global('builtins', 'object'),
          none,
        ),
      ],
      '_reconstructor is called with',
    ],
    [
      'constructs with arguments',
      [call(global('sklearn.svm._classes', 'SVC'), argument)],
      'SVC is called with',
    ],
    ['has a class by number', [0x82, 1], 'a name from the extension registry'],
    ['has a persistent id', [0x50, Buffer.from('1\n')], 'a reference to an object outside the file (PERSID)'],
    [
      'has a persistent id of a value',
      [integer(1), 0x51],
      'a reference to an object outside the file (BINPERSID)',
    ],
    ['has a buffer elsewhere', [0x97], 'a reference to a buffer outside the file (NEXT_BUFFER)'],
    ['instantiates by INST', [0x28, 0x69, Buffer.from('os\nsystem\n')], 'a call of a class (INST)'],
    ['instantiates by OBJ', [0x28, 0x6f], 'a call of a class (OBJ)'],
    ['instantiates with named arguments', [none, none, none, 0x92], 'an object with keyword arguments'],
  ])('is refused: %s', async (_, parts, message) => {
    expect(await failure(pickle(...parts))).toContain(message);
  });

  test('is not interpreted where it is a byte string', async () => {
    const inner = pickle(call(global('posix', 'system'), argument));
    expect(await read(pickle(bytes(inner)))).toEqual(inner);
  });
});

describe('a damaged or hostile pickle is refused', () => {
  const wrongLength = { shape: [3], dtype: dtype('f8'), content: bytes([0, 0, 0, 0, 0, 0, 0, 0]) };
  test.each<[string, (Part | number)[], string]>([
    ['with more behind its end', [integer(1), 0x2e, none], 'at byte 8: 2 bytes follow the end'],
    ['with an unknown operation', [0xff], 'at byte 2: 0xff is not a pickle operation'],
    ['with an operation of protocol 0', [0x49, Buffer.from('1\n')], 'an operation of protocol 0 or 1'],
    ['with an empty stack', [0x30], 'the stack is empty'],
    ['with no mark', [0x74], 'no mark is on the stack'],
    ['that takes from below a mark', [integer(1), 0x28, 0x30], 'at byte 8: the stack is empty'],
    ['that recalls what was not stored', [0x68, 3], 'the memo has no entry 3'],
    ['with half an entry of a dict', [0x7d, 0x28, integer(1), 0x75], 'given 1 keys and values'],
    ['that appends to a tuple', [tuple(), integer(1), 0x61], 'a tuple of 0 is appended to'],
    [
      'that declares a huge text',
      [0x8d, Uint8Array.of(0, 0, 0, 0, 0, 1, 0, 0)],
      'the file ends within a string: 1099511627776 bytes expected',
    ],
    [
      'that declares more than there can be',
      [0x8e, new Uint8Array(8).fill(255)],
      'declares 18446744073709551615 bytes',
    ],
    [
      'that declares a huge frame',
      [0x95, Uint8Array.of(0, 0, 0, 0, 1, 0, 0, 0)],
      'the file ends within a frame',
    ],
    ['with a huge integer', [0x8b, Uint8Array.of(0, 0, 0, 64)], 'an integer of 1073741824 bytes'],
    ['with invalid UTF-8', [0x8c, 1, 0xff], 'a string is not valid UTF-8'],
    ['with a name without end', [0x63, new Uint8Array(5000).fill(97)], 'a name has no end within 1024 bytes'],
    [
      'with too few bytes for an array',
      [array(wrongLength)],
      'an array of shape (3) and dtype f8 has 8 bytes, expected 24 bytes',
    ],
    ['with a negative length', [array({ ...wrongLength, shape: [-1] })], 'is not the shape of an array'],
    [
      'with a shape beyond all numbers',
      [array({ ...wrongLength, shape: [2 ** 30, 2 ** 30, 2 ** 30] })],
      'is not the shape of an array',
    ],
    [
      'with too few objects',
      [array({ shape: [2], dtype: dtype('O8'), content: list(none) })],
      'a list of 1, expected a list of 2',
    ],
    [
      'with objects that are bytes',
      [array({ shape: [1], dtype: dtype('O8'), content: bytes([1]) })],
      'expected a list of 1',
    ],
    ['with elements of no size', [dtype('V0')], 'elements of 0 bytes'],
    ['with a dtype that is none', [dtype('os.system')], 'numpy.dtype is called with ("os.system"'],
    ['with a dtype of another byte order', [dtype('f8', '?')], 'expected byte order and fields, once'],
    ['that gives a number attributes', [integer(1), none, 0x62], '1 is given attributes'],
    [
      'that gives attributes twice',
      [global('sklearn.svm._classes', 'SVC'), 0x29, 0x81, 0x7d, 0x62, 0x7d, 0x62],
      'attributes, once',
    ],
    ['that fills an array twice', [doubles([1]), tuple(), 0x62], 'content, once'],
  ])('%s', async (_, parts, message) => {
    expect(await failure(pickle(...parts))).toContain(message);
  });

  test.each([
    ['empty', [], 'model.pkl: is empty.'],
    ['of protocol 6', [0x80, 6, 0x4e, 0x2e], 'at byte 0: protocol 6, expected 2 to 5'],
    ['of protocol 0', [0x28, 0x6c, 0x70, 0x30], 'begins with the bytes 28 6c 70 30'],
    ['in bz2', [0x42, 0x5a, 0x68], 'is compressed with bz2'],
    ['in lzma', [0x5d, 0, 0], 'is compressed with lzma'],
    ['in xz', [0xfd, 0x37, 0x7a, 0x58, 0x5a], 'is compressed with xz'],
    ['in lz4', [0x04, 0x22, 0x4d, 0x18], 'is compressed with lz4'],
    ['a zip archive', [0x50, 0x4b, 3, 4], 'is a zip archive'],
    ['half of a gzip', [0x1f, 0x8b, 8, 0], 'cannot be decompressed'],
  ])('a file that is %s', async (_, start, message) => {
    expect(await failure(Uint8Array.from(start))).toContain(message);
  });

  test('a list that contains itself is read', async () => {
    expect(await read(pickle(0x5d, 0x94, 0x68, 0, 0x61))).toMatchObject({ kind: 'list' });
  });

  test('100 000 nested tuples are read', async () => {
    expect(await read(pickle(none, new Uint8Array(100_000).fill(0x85)))).toMatchObject({ kind: 'tuple' });
  });
});
