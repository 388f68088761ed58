import { describe, expect, test } from 'vitest';
import { createPipeline, type PipelineParts } from '../pipeline.ts';
import { withImputer } from './imputer.ts';
import { createTransform, type Scaler } from './scaler.ts';

const scaler: Scaler = { kind: 'standard', mean: [10, 20], variance: [4, 4], scale: [2, 2] };

function prepare(fill: (number | null)[], after_scaler: boolean, ...rows: number[]) {
  const out = new Float64Array(2);
  withImputer(createTransform(scaler), { fill, after_scaler })(rows, rows.length - 2, out);
  return Array.from(out);
}

describe('withImputer', () => {
  test('fills in unscaled values before a scaler, and scaled ones after it', () => {
    expect(prepare([14, 24], false, Number.NaN, 20)).toEqual([2, 0]);
    expect(prepare([14, 24], true, Number.NaN, 20)).toEqual([14, 0]);
  });

  test('leaves values alone that are not missing, and those without a fill', () => {
    expect(prepare([14, null], false, 8, Number.NaN)).toEqual([-1, Number.NaN]);
    expect(prepare([14, null], true, 8, Number.NaN)).toEqual([-1, Number.NaN]);
  });

  test('starts at the given place', () => {
    expect(prepare([14, 24], false, 1, 2, Number.NaN, Number.NaN)).toEqual([2, 2]);
  });
});

describe('a pipeline with an imputer', () => {
  const parts: PipelineParts = {
    name: 'p',
    features: ['a', 'b'].map((name) => ({ name, unit: '' })),
    scaler,
    classifier: { family: 'logistic-regression', coef: [1, 1], intercept: 0 },
    threshold: 0.5,
  };
  const imputing = createPipeline({ ...parts, imputer: { fill: [14, 24], after_scaler: false } });

  test('takes missing values only where there is a fill', () => {
    const partly = createPipeline({ ...parts, imputer: { fill: [14, null], after_scaler: false } });
    expect([imputing, partly, createPipeline(parts)].map((one) => one.acceptsMissing)).toEqual([
      true,
      false,
      false,
    ]);
    expect(partly.score([Number.NaN, 20])).toBe(imputing.score([14, 20]));
    expect(() => partly.score([1, Number.NaN])).toThrow('b: NaN is not a finite number');
    expect(() => imputing.score([1, Number.POSITIVE_INFINITY])).toThrow('b: Infinity is not a finite number');
  });

  test('scores rows of a matrix like single rows, and leaves them unchanged', () => {
    const matrix = Float64Array.of(Number.NaN, 20, 11, Number.NaN);
    expect(Array.from(imputing.scoreBatch(matrix))).toEqual([
      imputing.score([14, 20]),
      imputing.score([11, 24]),
    ]);
    expect(Array.from(matrix)).toEqual([Number.NaN, 20, 11, Number.NaN]);
  });
});
