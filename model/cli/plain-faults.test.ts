import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseArtifact } from '../artifact/load-artifact.ts';
import { loadReferenceVectors } from '../import/reference-vectors.ts';
import './plain-faults.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'plain-faults-'));
});

afterAll(() => rm(folder, { recursive: true }));

describe('the fault of a file', () => {
  test.each([
    ['without a key', {}, 'rows: required.'],
    ['with nothing in it', { rows: [], scores: [] }, 'rows: expected at least 1 entry.'],
    ['of another kind', [], 'the file: expected an object.'],
    ['with text for a number', { rows: [['x']], scores: [0.5] }, 'rows.0.0: expected a number.'],
    ['with a score above 1', { rows: [[1]], scores: [2] }, 'scores.0: expected at most 1.'],
    ['with too few scores', { rows: [[1]], scores: [] }, 'scores: expected one score per row.'],
    [
      'with an odd prediction',
      { rows: [[1]], scores: [0.5], predictions: [{}] },
      'predictions.0: not valid.',
    ],
  ])('%s is named in plain words', async (_what, vectors, fault) => {
    const path = join(folder, 'vectors.json');
    await writeFile(path, JSON.stringify(vectors));
    await expect(loadReferenceVectors(path)).rejects.toThrow(fault);
  });

  test('has none of the words of zod, whatever an artifact contains', () => {
    const keys = fc.constantFrom(
      'features',
      'classifier',
      'scaler',
      'metrics',
      'reference',
      'name',
      'hash',
      'x',
    );
    const anything = fc.dictionary(keys, fc.anything());
    const messageOf = (value: object) => {
      try {
        parseArtifact(JSON.stringify(value), 'artifact.json');
        return '';
      } catch (error) {
        return String(error);
      }
    };
    fc.assert(
      fc.property(anything, (value) => {
        expect(messageOf(value)).not.toMatch(/Invalid (input|option)|received|Unrecognized|Too (big|small)/);
      }),
    );
  });
});
