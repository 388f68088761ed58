import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ImportError } from '../import-error.ts';
import { importOnnx } from './import-onnx.ts';
import { OnnxError } from './onnx-error.ts';
import { readModel } from './read-model.ts';
import { fieldsOf, repeatedNumbers, toInteger, wholeSpan } from './read-wire.ts';
import { bytes, integer, join, text } from './testing/encode-model.ts';

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

describe('the wire format', () => {
  test('reads every integer that float64 holds exactly', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), (value) => {
        expect([...fieldsOf(wholeSpan(integer(3, value)))].map(toInteger)).toEqual([value]);
      }),
    );
  });

  test('reads numbers packed and one by one, in their order', () => {
    const packed = bytes(8, Uint8Array.of(1, 0x80, 0x01, 3));
    const message = wholeSpan(join([integer(8, -5), packed, integer(7, 9), integer(8, 4)]));
    expect([...repeatedNumbers(message, 8, 'varint')]).toEqual([-5, 1, 128, 3, 4]);
  });

  test.each([
    ['a length beyond the end', Uint8Array.of(0x0a, 0x05, 0x41), 'byte 1: 5 bytes expected, 1 left'],
    ['a huge length', Uint8Array.of(0x0a, 0xff, 0xff, 0xff, 0xff, 0x0f), 'byte 1: 4294967295 bytes expected'],
    ['a negative length', integerAsLength(-1), 'byte 1: -1 bytes expected'],
    ['an end within a number', Uint8Array.of(0x08, 0x80), 'byte 1: truncated within a number'],
    ['a number without an end', new Uint8Array(12).fill(0x80), 'byte 0: a number with too many bytes'],
    ['a group', Uint8Array.of(0x0b, 0x0c), 'byte 0: unsupported wire type 3'],
    ['field 0', Uint8Array.of(0x00, 0x00), 'byte 0: invalid field number 0'],
    ['half a float', Uint8Array.of(0x0d, 0x00), 'byte 1: 4 bytes expected, 1 left'],
  ])('refuses %s and says where', (_, encoded, message) => {
    expect(() => [...fieldsOf(wholeSpan(encoded))]).toThrow(message);
    expect(() => readModel(encoded)).toThrow(OnnxError);
  });

  function integerAsLength(value: number): Uint8Array {
    const encoded = integer(1, value);
    encoded[0] = 0x0a;
    return encoded;
  }

  test.each([
    ['nothing', new Uint8Array(), 'it has no graph'],
    ['two graphs', join([bytes(7, new Uint8Array()), bytes(7, new Uint8Array())]), 'field 7 occurs twice'],
    ['text that is not UTF-8', bytes(2, Uint8Array.of(0xff)), 'text is not valid UTF-8'],
    ['an integer beyond float64', bytes(8, integer(2, 2 ** 60)), 'an integer beyond'],
    [
      'weights in another file',
      bytes(7, bytes(5, join([text(8, 'w'), bytes(13, text(1, 'location'))]))),
      'tensor "w" is stored in another file',
    ],
    [
      'a million nodes',
      bytes(
        7,
        new Uint8Array(2e6).fill(0).map((_, i) => (i % 2 ? 0 : 0x0a)),
      ),
      'more than 100000',
    ],
  ])('refuses %s as a model', (_, encoded, message) => {
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
        await importOrRefuse(join(parts));
      }),
      { numRuns: 300 },
    );
  });

  test('is taken or refused when it is noise', async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), async (noise) => {
        await importOrRefuse(noise);
        await importOrRefuse(bytes(7, noise));
        await importOrRefuse(bytes(7, bytes(1, noise)));
      }),
      { numRuns: 300 },
    );
  });
});
