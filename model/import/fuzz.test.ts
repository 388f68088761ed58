import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { deflateSync, inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { featureFaults } from '../classifiers/families.ts';
import { createPipeline } from '../pipeline.ts';
import { chooseClasses } from './choose-classes.ts';
import { ImportError } from './import-error.ts';
import { fixedAllowance } from './pickle/machine.ts';
import { operations } from './pickle/operations.ts';
import { importSklearn } from './sklearn/import-sklearn.ts';
import {
  array,
  bytes,
  dtype,
  global,
  join as joinParts,
  none,
  pickle,
  text,
  tuple,
} from './testing/write-pickle.ts';

const folder = await mkdtemp(join(tmpdir(), 'import-'));
afterAll(() => rm(folder, { recursive: true }));

const seed = 20_240_607;

function fixture(name: string): Uint8Array {
  return readFileSync(join(import.meta.dirname, 'fixtures', name));
}

/** Returns the parts or an ImportError; rethrows any other error. */
async function importOrRefuse(file: Uint8Array): Promise<'imported' | 'refused'> {
  try {
    await importSklearn([{ name: 'fuzzed', bytes: file }]);
    return 'imported';
  } catch (error) {
    if (error instanceof ImportError) return 'refused';
    throw error;
  }
}

describe('a truncated file is refused', () => {
  test.each([
    ['1.2.1/best_model.pkl', 1],
    ['1.9.0/best_model.pkl', 1],
    ['1.4.2/no-intercept.joblib', 1],
    ['1.9.0/big-endian.joblib', 13],
    ['1.2.1/protocol-2.pkl', 41],
    ['1.4.2/protocol-5.pkl', 41],
    ['1.9.0/zero.joblib', 61],
    ['1.2.1/zlib.joblib', 97],
    ['1.4.2/gzip.joblib', 97],
    ['1.2.1/kinds/isolation-forest-of-columns.joblib', 97],
    ['1.4.2/kinds/columns-imputed.joblib', 29],
    ['1.9.0/kinds/hist-gradient-boosting-of-gaps.joblib', 97],
    ['1.9.0/kinds/network-tanh.joblib', 97],
  ])('%s', async (name, step) => {
    const whole = fixture(name);
    expect(await importOrRefuse(whole)).toBe('imported');
    for (let length = 0; length < whole.length; length += step) {
      expect(await importOrRefuse(whole.subarray(0, length))).toBe('refused');
    }
  });
});

describe('a file with changed bytes is imported or refused', () => {
  const files = [
    'best_model.pkl',
    'protocol-2.pkl',
    'protocol-5.pkl',
    'neighbors.joblib',
    'big-endian.joblib',
    'forest.joblib',
  ];
  test.each(files)('%s', async (name) => {
    const whole = fixture(`1.4.2/${name}`);
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 4 }), async (changes) => {
        const changed = Uint8Array.from(whole);
        for (const { at, byte } of changes) changed[at] = byte;
        await importOrRefuse(changed);
      }),
      { seed, numRuns: 300 },
    );
  });
});

describe('a model with changed bytes is refused, or scores from 0 to 1', () => {
  const kinds = [
    'tree',
    'extra-trees',
    'hist-gradient-boosting',
    'hist-gradient-boosting-of-gaps',
    'isolation-forest-of-columns',
    'network-relu',
    'imputer-mean',
    'imputer-after-a-scaler',
    'columns-scaled-and-passed',
    'columns-imputed',
    'nested-pipelines',
    'functions-without-a-function',
    'raw-value-0,-log_loss',
    'ties-brute-force',
  ];

  async function scoreOrRefuse(file: Uint8Array): Promise<number[]> {
    try {
      const parts = await importSklearn([{ name: 'fuzzed', bytes: file }]);
      const width = parts.featureCount ?? 0;
      const { classifier, threshold } = chooseClasses(parts, ['0', '1'], 'fuzzed');
      if (width === 0 || featureFaults(classifier, width).length > 0) return [];
      const features = Array.from({ length: width }, (_, j) => ({ name: `f${j}`, unit: '' }));
      const pipeline = createPipeline({ ...parts, name: 'fuzzed', features, classifier, threshold });
      const rows = [0, 24, -1e6, ...(pipeline.acceptsMissing ? [Number.NaN] : [])];
      return rows.map((value) => pipeline.score(features.map(() => value)));
    } catch (error) {
      if (error instanceof ImportError || error instanceof RangeError) return [];
      throw error;
    }
  }

  test.each(kinds)('%s', async (name) => {
    const whole = inflateSync(fixture(`1.9.0/kinds/${name}.joblib`));
    expect((await scoreOrRefuse(whole)).length).toBeGreaterThan(2);
    const change = fc.record({ at: fc.nat(whole.length - 1), byte: fc.integer({ min: 0, max: 255 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
        const changed = Uint8Array.from(whole);
        for (const { at, byte } of changes) changed[at] = byte;
        for (const score of await scoreOrRefuse(changed)) {
          expect(score).toBeGreaterThanOrEqual(0);
          expect(score).toBeLessThanOrEqual(1);
        }
      }),
      { seed, numRuns: 400 },
    );
  });
});

describe('operations in any order are imported or refused', () => {
  const names = [
    ['sklearn.svm._classes', 'SVC'],
    ['sklearn.tree._tree', 'Tree'],
    ['sklearn.pipeline', 'Pipeline'],
    ['joblib.numpy_pickle', 'NumpyArrayWrapper'],
    ['numpy', 'ndarray'],
    ['numpy', 'dtype'],
    ['numpy.core.multiarray', '_reconstruct'],
    ['numpy.core.multiarray', 'scalar'],
    ['numpy.core.numeric', '_frombuffer'],
    ['_codecs', 'encode'],
    ['copy_reg', '_reconstructor'],
    ['__builtin__', 'object'],
    ['collections', 'OrderedDict'],
    ['posix', 'system'],
  ] as const;
  const operation = fc.oneof(
    { weight: 6, arbitrary: fc.constantFrom(...operations.keys()).map((code) => Uint8Array.of(code)) },
    { weight: 4, arbitrary: fc.constantFrom(...names).map(([module, name]) => global(module, name)) },
    { weight: 2, arbitrary: fc.uint8Array({ maxLength: 9 }) },
    { weight: 2, arbitrary: fc.constantFrom('f8', 'O8', 'steps', 'latin1', 'C').map(text) },
    { weight: 2, arbitrary: fc.constantFrom(dtype('f8'), dtype('O8'), dtype('U3', '>')) },
    { weight: 2, arbitrary: fc.constantFrom(none, tuple(), tuple(none), bytes([1]), Uint8Array.of(0x4b, 1)) },
    {
      weight: 1,
      arbitrary: fc.nat(3).map((size) => array({ shape: [size], dtype: dtype('i1'), content: bytes([1]) })),
    },
  );

  test('whatever they are', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(operation, { maxLength: 60 }), async (parts) => {
        await importOrRefuse(pickle(...parts));
      }),
      { seed, numRuns: 5000 },
    );
  });
});

describe('a bomb takes no more than ten times its size, a constant, and what V8 has not collected yet', () => {
  const size = 3_000_000;
  const repeated = (...operationBytes: number[]) =>
    joinParts(0x80, 4, none, Buffer.alloc(size, Buffer.from(operationBytes)));
  const encoded = joinParts(0x68, 0, 0x68, 1, 0x68, 2, 0x86, 0x52);

  test.each<[string, () => Uint8Array]>([
    ['of dicts', () => repeated(0x7d)],
    ['of nested tuples', () => repeated(0x85)],
    ['of copies of one value', () => repeated(0x32, 0x94)],
    [
      'of texts encoded again and again',
      () =>
        joinParts(
          ...[0x80, 4, global('_codecs', 'encode'), 0x71, 0, text('a'.repeat(size / 2)), 0x71, 1],
          ...[text('latin1'), 0x71, 2, Buffer.alloc(size, Buffer.from(encoded))],
        ),
    ],
    ['that expands a thousand times', () => deflateSync(Buffer.alloc(15 * size, 0x4e))],
  ])('%s', async (name, make) => {
    const file = make();
    const path = join(folder, name.replaceAll(' ', '-'));
    await writeFile(path, file);
    const reader = join(import.meta.dirname, 'testing/read-in-process.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [reader, path]);
    const { grown, outcome } = JSON.parse(stdout);
    expect(outcome).toMatch(/^ImportError: bomb: (reading the file takes more memory|expands from)/);
    expect(grown).toBeLessThan(10 * file.length + 2 * fixedAllowance);
  });
});
