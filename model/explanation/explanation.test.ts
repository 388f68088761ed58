import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadArtifact } from '../artifact/load-artifact.ts';
import type { Classifier } from '../classifiers/families.ts';
import { createPipeline } from '../pipeline.ts';
import { createExplainer } from './create-explainer.ts';
import { shapleyValues } from './shapley-values.ts';

function createRawPipeline(classifier: Classifier, width: number) {
  return createPipeline({
    name: 'made',
    features: Array.from({ length: width }, (_, j) => ({ name: `f${j}`, unit: '' })),
    scaler: { kind: 'none' },
    classifier,
    threshold: 0.5,
  });
}

/** 1 where f0 > 0 and f1 > 0, as one tree. */
const both: Classifier = {
  family: 'random-forest',
  trees: {
    roots: [0],
    feature: [0, -1, 1, -1, -1],
    threshold: [0, 0, 0, 0, 0],
    left: [1, -1, 3, -1, -1],
    right: [2, -1, 4, -1, -1],
    value: [0, 0, 0, 0, 1],
  },
};

/** Every order of the features, averaged: the definition itself. */
function shapleyByOrders(
  score: (row: number[]) => number,
  values: number[],
  background: number[][],
): number[] {
  const orders = (rest: number[]): number[][] =>
    rest.length === 0
      ? [[]]
      : rest.flatMap((first) => orders(rest.filter((j) => j !== first)).map((others) => [first, ...others]));
  const all = orders(values.map((_, j) => j));
  const sums = values.map(() => 0);
  for (const order of all) {
    for (const row of background) {
      const mixed = [...row];
      let before = score(mixed);
      for (const j of order) {
        mixed[j] = values[j];
        const after = score(mixed);
        sums[j] += (after - before) / background.length / all.length;
        before = after;
      }
    }
  }
  return sums;
}

function scoreOfPairs(row: ArrayLike<number>): number {
  let score = 0;
  for (let j = 0; j < row.length; j += 2) score += row[j] * row[j + 1] + row[j] / 2;
  return score;
}

/** The mean over the background of: half of each change of a product, for either order of its two factors. */
function shapleyOfPairs(values: readonly number[], background: readonly (readonly number[])[]): number[] {
  return values.map((value, j) => {
    const partner = j % 2 === 0 ? j + 1 : j - 1;
    const changes = background.map(
      (row) =>
        ((value - row[j]) * (row[partner] + values[partner])) / 2 + (j % 2 === 0 ? (value - row[j]) / 2 : 0),
    );
    return changes.reduce((sum, change) => sum + change, 0) / background.length;
  });
}

describe('shapleyValues', () => {
  test('shares what two features do together only', () => {
    const { score, baseValue, contributions } = shapleyValues(
      createRawPipeline(both, 3),
      [1, 1, 5],
      [[-1, -1, 0]],
    );
    expect([score, baseValue, ...contributions]).toEqual([1, 0, 0.5, 0.5, 0]);
  });

  test('is the mean over all orders in which features join', () => {
    const value = fc.double({ min: -2, max: 2, noNaN: true });
    const row = fc.array(value, { minLength: 4, maxLength: 4 });
    const rows = fc.array(row, { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(row, row, rows, (coef, values, background) => {
        const pipeline = createRawPipeline({ family: 'logistic-regression', coef, intercept: 0.3 }, 4);
        const expected = shapleyByOrders(pipeline.score, values, background);
        for (const [j, contribution] of shapleyValues(pipeline, values, background).contributions.entries()) {
          expect(contribution).toBeCloseTo(expected[j], 12);
        }
      }),
    );
  });

  test('takes fewer background rows for more features', () => {
    const background = (width: number) => Array.from({ length: 100 }, () => new Array<number>(width).fill(0));
    const explain = (width: number) =>
      shapleyValues(
        createRawPipeline(
          { family: 'logistic-regression', coef: new Array(width).fill(1), intercept: 0 },
          width,
        ),
        new Array(width).fill(1),
        background(width),
      );
    expect([3, 10].map((width) => explain(width).backgroundRows)).toEqual([100, 32]);
  });

  test('estimates the values of more than ten features, with standard errors that hold', () => {
    // Products of neighboring features, each shared by the two of them, beside a linear part: known in closed form.
    const width = 12;
    const pipeline = { ...createRawPipeline(both, width), score: scoreOfPairs };
    const values = Array.from({ length: width }, (_, j) => (j % 5) / 5);
    const background = Array.from({ length: 20 }, (_, i) =>
      Array.from({ length: width }, (_, j) => ((i * 7 + j * 3) % 11) / 11),
    );
    const found = shapleyValues(pipeline, values, background);
    const expected = shapleyOfPairs(values, background);
    const sum = found.contributions.reduce((total, contribution) => total + contribution, 0);
    expect(sum).toBeCloseTo(found.score - found.baseValue, 10);
    for (const [j, contribution] of found.contributions.entries()) {
      const error = Math.abs(contribution - expected[j]);
      expect(error).toBeLessThanOrEqual(5 * (found.standardErrors?.[j] ?? 0) + 1e-12);
      expect(error).toBeLessThan(0.01);
    }
    expect(shapleyValues(pipeline, values, background)).toEqual(found);
  });

  test('refuses an empty background', () => {
    expect(() => shapleyValues(createRawPipeline(both, 2), [1, 1], [])).toThrow('no background reading');
  });
});

describe('createExplainer', async () => {
  const { artifact, pipeline } = await loadArtifact(
    new URL('../artifacts/gradient-boosting.json', import.meta.url).pathname,
  );
  const explain = createExplainer({ pipeline, background: artifact.background });
  const reading = fc.tuple(
    fc.double({ min: 15, max: 35, noNaN: true }),
    fc.double({ min: 30, max: 70, noNaN: true }),
    fc.double({ min: 20, max: 120, noNaN: true }),
  );

  test('adds up to the score, and changes one feature into the other prediction', () => {
    fc.assert(
      fc.property(reading, (values) => {
        const { score, prediction, base_value, contributions, counterfactual } = explain(values);
        const sum = contributions.reduce((total, { contribution }) => total + contribution, 0);
        expect(score).toBe(pipeline.score(values));
        expect(Math.abs(base_value + sum - score)).toBeLessThan(1e-9);
        if (!counterfactual) return;
        const changed = values.map((value, j) =>
          pipeline.featureNames[j] === counterfactual.feature ? counterfactual.value : value,
        );
        expect(pipeline.score(changed)).toBe(counterfactual.score);
        expect(counterfactual.prediction).toBe(pipeline.toPrediction(counterfactual.score));
        expect(counterfactual.prediction).not.toBe(prediction);
      }),
      { numRuns: 40 },
    );
  });

  test('finds the border of a decision to a thousandth of the range', () => {
    const line = createRawPipeline({ family: 'logistic-regression', coef: [1, 0], intercept: -3.21 }, 2);
    const { counterfactual } = createExplainer({
      pipeline: line,
      background: [
        [0, 0],
        [10, 10],
      ],
    })([8, 1]);
    expect(counterfactual).toMatchObject({ feature: 'f0', value: 3.21, prediction: 0 });
    expect(counterfactual?.change).toBeCloseTo(-4.79, 10);
  });

  test('returns null where no single feature flips the prediction', () => {
    const never = createRawPipeline({ family: 'logistic-regression', coef: [0], intercept: -5 }, 1);
    expect(createExplainer({ pipeline: never, background: [[0], [1]] })([0.5]).counterfactual).toBeNull();
  });

  test('reports the calibrated probability beside the score', () => {
    const machine = createRawPipeline(
      {
        family: 'support-vector-machine',
        kernel: { kind: 'linear' },
        support_vectors: [1],
        dual_coef: [1],
        intercept: 0,
        platt: { a: -2, b: 0 },
      },
      1,
    );
    const { score, probability } = createExplainer({ pipeline: machine, background: [[0]] })([1]);
    expect(score).toBeCloseTo(1 / (1 + Math.exp(-1)), 15);
    expect(probability).toBe(machine.calibratedProbability([1]));
    expect(probability).toBeCloseTo(1 / (1 + Math.exp(-2)), 2);
  });
});
