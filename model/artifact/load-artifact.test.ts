import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { GradientBoosting } from '../classifiers/gradient-boosting.ts';
import type { StandardScaler } from '../scalers/scaler.ts';
import type { Artifact } from './artifact-schema.ts';
import { ArtifactError, loadArtifact, parseArtifact } from './load-artifact.ts';
import { sealArtifact, serializeArtifact, toCanonicalJson } from './seal-artifact.ts';

const path = new URL('../artifacts/gradient-boosting.json', import.meta.url).pathname;
const text = readFileSync(path, 'utf8');
const { artifact, pipeline, certificate } = parseArtifact(text, 'model.json');

interface Committed extends Artifact {
  classifier: GradientBoosting;
  scaler: StandardScaler;
}

/** A changed copy with a valid hash, so that only the change can be at fault. */
function resealed(change: (copy: Committed) => void): string {
  const copy = structuredClone(artifact) as Committed; // the kinds that `npm run train` chose
  change(copy);
  return serializeArtifact(sealArtifact(copy));
}

function refusalOf(changed: string): string {
  try {
    parseArtifact(changed, 'model.json');
  } catch (error) {
    expect(error).toBeInstanceOf(ArtifactError);
    return String(error);
  }
  throw new Error('the artifact was taken');
}

describe('parseArtifact', () => {
  test('certifies what was loaded', () => {
    expect(certificate).toEqual({
      sha256: artifact.sha256,
      data_sha256: artifact.origin.kind === 'trained' && artifact.origin.data_sha256,
      reference_vectors: artifact.reference.rows.length,
      max_difference: 0,
    });
    expect(artifact.name).toBe(`gradient-boosting-${artifact.sha256.slice(0, 8)}`);
    expect(pipeline.name).toBe(artifact.name);
  });

  test('reads back the bytes that were written', () => {
    expect(serializeArtifact(artifact) === text).toBe(true);
  });

  test('scores a loaded copy exactly as the original', () => {
    const copy = parseArtifact(serializeArtifact(artifact), 'copy.json').pipeline;
    const value = fc.double({ min: -200, max: 200, noNaN: true });
    fc.assert(
      fc.property(value, value, value, (...values) => {
        expect(copy.score(values)).toBe(pipeline.score(values));
      }),
    );
  });

  test('accepts whitespace and keys in any order', () => {
    const reordered = JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(text)).reverse()), null, 2);
    expect(parseArtifact(reordered, 'model.json').certificate).toEqual(certificate);
  });

  test('refuses every file with a digit changed', () => {
    const digits = [...text.matchAll(/[1-8]/g)].map(({ index }) => index);
    fc.assert(
      fc.property(fc.constantFrom(...digits), (index) => {
        const changed = `${text.slice(0, index)}${Number(text[index]) + 1}${text.slice(index + 1)}`;
        const isSameNumber = toCanonicalJson(JSON.parse(changed)) === toCanonicalJson(JSON.parse(text));
        if (!isSameNumber) refusalOf(changed);
      }),
    );
  });

  test('names the file, the problem and the remedy', () => {
    expect(refusalOf(text.slice(0, 1000))).toMatch(
      /^ArtifactError: model\.json: is not JSON: .* Run `npm run train`/,
    );
    expect(refusalOf(text.replace('"threshold":0.5', '"threshold":0.6'))).toContain('the file was changed');
    expect(refusalOf(text.replace(artifact.name, 'better'))).toContain(
      `name is "better", expected "${artifact.name}"`,
    );
  });

  test.each<[string, (copy: Committed) => void, string]>([
    [
      'a child before its parent',
      ({ classifier }) => (classifier.trees.left[1] = 0),
      'classifier.trees.left.1: 0',
    ],
    [
      'a feature there is not',
      ({ classifier }) => (classifier.trees.feature[0] = 3),
      'classifier.trees.feature.0: 3',
    ],
    [
      'arrays of different lengths',
      ({ classifier }) => classifier.trees.value.pop(),
      'classifier.trees.value:',
    ],
    ['a scaler of another width', ({ scaler }) => scaler.mean.pop(), 'scaler.mean: 2 entries, expected 3'],
    ['a scale of 0', ({ scaler }) => (scaler.scale[0] = 0), 'scaler.scale.0'],
    [
      'a feature twice',
      ({ features }) => (features[1] = features[0]),
      'features.1: "temperature" is listed twice',
    ],
    ['no feature', (copy) => (copy.features = []), 'features'],
    [
      'a ragged reference row',
      ({ reference }) => reference.rows[2].pop(),
      'reference.rows.2: expected 3 values',
    ],
    ['a missing reference score', ({ reference }) => reference.scores.pop(), 'reference.scores: expected 22'],
    ['another reference score', ({ reference }) => (reference.scores[4] /= 2), 'reference.rows.4 scores'],
    ['a changed leaf', ({ classifier }) => (classifier.init += 1e-9), 'reference.rows.0 scores'],
    [
      'a reading that cannot be scored',
      ({ reference }) => (reference.rows[0][0] = 1e300),
      'reference.rows.0',
    ],
  ])('refuses %s, however well it is sealed', (_, change, message) => {
    expect(refusalOf(resealed(change))).toContain(message);
  });

  test.each([
    [
      'another format',
      text.replace('"version":2', '"version":1'),
      'format.version: expected format version 2',
    ],
    ['another scaler', text.replace('"kind":"standard"', '"kind":"magic"'), 'scaler.kind'],
    [
      'another family',
      text.replace('"family":"gradient-boosting"', '"family":"oracle"'),
      'classifier.family',
    ],
    [
      'the family constructor',
      text.replace('"family":"gradient-boosting"', '"family":"constructor"'),
      'family',
    ],
    ['the scaler toString', text.replace('"kind":"standard"', '"kind":"toString"'), 'scaler.kind'],
    ['a key __proto__', text.replace('"threshold":0.5', '"threshold":0.5,"__proto__":1'), '__proto__'],
    [
      'a parameter __proto__',
      text.replace('"parameters":{', '"parameters":{"__proto__":1,'),
      'the file was changed',
    ],
    ['a key too many', text.replace('"threshold":0.5', '"threshold":0.5,"extra":1'), 'extra'],
    ['a number beyond float64', text.replace(/"init":[-.\d]+/, '"init":1e999'), 'classifier.init'],
    ['null', 'null', 'model.json: '],
  ])('refuses %s', (_, changed, message) => {
    expect(refusalOf(changed)).toContain(message);
  });
});

describe('loadArtifact', () => {
  test('reads the file', async () => {
    expect((await loadArtifact(path)).certificate).toEqual(certificate);
  });

  test('names the file that is not there', async () => {
    await expect(loadArtifact('/nowhere/model.json')).rejects.toThrow('/nowhere/model.json: cannot be read');
  });
});

describe('toCanonicalJson', () => {
  test('sorts keys at every depth and keeps the order of arrays', () => {
    expect(toCanonicalJson({ b: [{ d: 1, c: 2 }, 3], a: null })).toBe('{"a":null,"b":[{"c":2,"d":1},3]}');
  });

  test('is the same for the same value, whatever the order of its keys', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        expect(toCanonicalJson(reversed)).toBe(toCanonicalJson(value));
        expect(JSON.parse(toCanonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});
