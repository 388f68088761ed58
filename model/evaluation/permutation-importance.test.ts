import { describe, expect, test } from 'vitest';
import { createRandom } from '../dataset/random.ts';
import { createMatrix } from '../matrix.ts';
import { createPipeline } from '../pipeline.ts';
import { permutationImportance } from './permutation-importance.ts';

const random = createRandom(2);
const features = createMatrix(
  Float64Array.from({ length: 400 }, () => random.uniform()),
  2,
);
const labels = Uint8Array.from({ length: 200 }, (_, i) => Number(features.values[2 * i] > 0.5));
const pipeline = createPipeline({
  name: 'first feature',
  features: [
    { name: 'decides', unit: '' },
    { name: 'is ignored', unit: '' },
  ],
  scaler: { kind: 'none' },
  classifier: { family: 'logistic-regression', coef: [10, 0], intercept: -5 },
  threshold: 0.5,
});

describe('permutationImportance', () => {
  test('is about one half for the only feature that decides between equal classes, and 0 for another', () => {
    const [decides, ignored] = permutationImportance(pipeline, { features, labels }, { seed: 1 });
    expect(decides.mean).toBeGreaterThan(0.4);
    expect(decides.mean).toBeLessThan(0.6);
    expect(decides.sd).toBeGreaterThan(0);
    expect(ignored).toEqual({ mean: 0, sd: 0 });
  });

  test('is the same for the same seed, and leaves the rows as they are', () => {
    const before = Float64Array.from(features.values);
    const draw = (seed: number) => permutationImportance(pipeline, { features, labels }, { seed });
    expect(draw(4)).toEqual(draw(4));
    expect(draw(4)).not.toEqual(draw(5));
    expect(features.values).toEqual(before);
  });
});
