import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import protobuf from 'protobufjs';
import { describe, expect, test } from 'vitest';
import { ImportError } from '../import-error.ts';
import { importOnnx } from './import-onnx.ts';
import { OnnxError } from './onnx-error.ts';
import { modelType } from './onnx-schema.ts';
import { readModel } from './read-model.ts';

const fixtures = ['logistic-columns', 'boosting', 'svc-platt', 'network'].map((name) =>
  readFileSync(new URL(`fixtures/${name}.onnx`, import.meta.url)),
);

/** Imports the bytes or throws an ImportError; any other error fails the test. */
async function importOrRefuse(model: Uint8Array): Promise<void> {
  try {
    await importOnnx(model, 'fuzzed.onnx');
  } catch (error) {
    if (!(error instanceof ImportError)) throw error;
  }
}

/** A message with one field of bytes. */
const field = (number: number, payload: Uint8Array) =>
  protobuf.Writer.create()
    .uint32(number * 8 + 2)
    .bytes(payload)
    .finish();

describe('readModel', () => {
  test.each([
    ['a length beyond the end', [0x0a, 0x05, 0x41]],
    ['a huge length', [0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f]],
    ['a negative length', [0x0a, ...Array(9).fill(0xff), 0x01]],
    ['an end within a number', [0x08, 0x80]],
    ['a number without an end', Array(12).fill(0x80)],
    ['groups without an end', Array(100_000).fill(0x0b)],
    ['field 0', [0x00, 0x00]],
    ['half a float', [0x0d, 0x00]],
  ])('refuses %s', (_, encoded) => {
    expect(() => readModel(Uint8Array.from(encoded))).toThrow(OnnxError);
  });

  test.each([
    ['nothing', new Uint8Array(), 'it has no graph'],
    ['text that is not UTF-8', field(2, Uint8Array.of(0xff)), 'text is not valid UTF-8'],
    [
      'an integer beyond float64',
      modelType.encode({ opsets: [{ version: 2 ** 60 }] }).finish(),
      'an integer beyond',
    ],
    ['sparse tensors', modelType.encode({ graph: { sparse: Buffer.of(0) } }).finish(), 'sparse tensors'],
    [
      'weights in another file',
      modelType.encode({ graph: { initializers: [{ name: 'w', elsewhere: Buffer.of(0) }] } }).finish(),
      'tensor "w" is stored in another file',
    ],
    [
      'an attribute twice',
      modelType
        .encode({ graph: { nodes: [{ attributes: [{ name: 'a' }, { name: 'a' }] }] }, opsets: [{}] })
        .finish(),
      'an attribute occurs twice: a',
    ],
    [
      'a million nodes',
      field(
        7,
        new Uint8Array(2e6).map((_, i) => (i % 2 ? 0 : 0x0a)),
      ),
      'more than 100000',
    ],
    ['a million opsets', new Uint8Array(2e6).map((_, i) => (i % 2 ? 0 : 0x42)), 'more than 100000'],
    [
      'too many numbers',
      field(7, field(5, field(1, new Uint8Array(2 ** 24 + 1)))),
      'more than 16777216 values',
    ],
  ])('refuses %s and says why', (_, encoded, message) => {
    expect(() => readModel(encoded)).toThrow(message);
  });
});

describe('a damaged model', () => {
  test('is refused wherever it is cut off', async () => {
    for (const model of fixtures) {
      const step = Math.ceil(model.length / 150);
      for (let length = 0; length < model.length; length += step) {
        await expect(importOnnx(model.subarray(0, length), 'cut.onnx')).rejects.toThrow(ImportError);
      }
    }
  });

  test('is taken or refused, and nothing else, whatever bytes are changed', async () => {
    const change = fc.record({ at: fc.double({ min: 0, max: 1, noNaN: true }), value: fc.nat(255) });
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...fixtures),
        fc.array(change, { minLength: 1 }),
        async (model, changes) => {
          const changed = Uint8Array.from(model);
          for (const { at, value } of changes) changed[Math.floor(at * (model.length - 1))] = value;
          await importOrRefuse(changed);
        },
      ),
      { numRuns: 400 },
    );
  });

  test('is taken or refused when pieces of two are put together', async () => {
    const cut = fc.double({ min: 0, max: 1, noNaN: true });
    const piece = fc.tuple(fc.constantFrom(...fixtures), cut, cut);
    await fc.assert(
      fc.asyncProperty(fc.array(piece, { minLength: 1, maxLength: 4 }), async (pieces) => {
        const parts = pieces.map(([model, from, to]) =>
          model.subarray(from * model.length, to * model.length),
        );
        await importOrRefuse(Buffer.concat(parts));
      }),
      { numRuns: 300 },
    );
  });

  test('is taken or refused when it is noise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        await importOrRefuse(noise);
        await importOrRefuse(field(7, noise));
        await importOrRefuse(field(7, field(1, noise)));
      }),
      { numRuns: 300 },
    );
  });
});
