import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { generateDataset } from '../dataset/generate-dataset.ts';
import { createRandom } from '../dataset/random.ts';
import { createMatrix, type Matrix, rowOf } from '../matrix.ts';
import reference from '../reference/random-forest.json' with { type: 'json' };
import type { Trees } from '../trees/trees.ts';
import {
  complementShare,
  createColumnDraw,
  createRandomForest,
  fitRandomForest,
  prepareRandomForest,
  type RandomForest,
  type RandomForestParameters,
  randomForestSchema,
} from './random-forest.ts';

const { features, labels } = generateDataset();
const matrixOf = (rows: number[][]) => createMatrix(Float64Array.from(rows.flat()), rows[0].length);

/** Removes `undefined` parameters, which the type of the JSON file has. */
const parametersOf = (given: object) => given as Partial<RandomForestParameters>;

function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual.length).toBe(expected.length);
  return Array.from(expected).reduce(
    (largest, value, i) => Math.max(largest, Math.abs(actual[i] - value)),
    0,
  );
}

function scoresOf(classifier: RandomForest, matrix: Matrix): number[] {
  const predictProba = createRandomForest(prepareRandomForest(classifier), matrix.columns);
  return Array.from({ length: matrix.rows }, (_, i) => predictProba(rowOf(matrix, i)));
}

const toPredictions = (scores: number[]) => scores.map((score) => Number(score > 0.5));

/** A leaf each. */
function leavesOf(value: number[]): RandomForest {
  const none = value.map(() => -1);
  const trees = { feature: none, threshold: value.map(() => 0), left: none, right: none, value };
  return { family: 'random-forest', trees: { roots: value.map((_, i) => i), ...trees } };
}

function meanDepth({ roots, feature, left, right }: Trees): number {
  const heights = new Int32Array(feature.length);
  for (let node = feature.length - 1; node >= 0; node--) {
    if (feature[node] >= 0) heights[node] = 1 + Math.max(heights[left[node]], heights[right[node]]);
  }
  return roots.reduce((sum, root) => sum + heights[root], 0) / roots.length;
}

describe('createRandomForest', () => {
  test.each(reference.cases)('scores as scikit-learn does: $name', (given) => {
    const ours = scoresOf(randomForestSchema.parse(given.classifier), matrixOf(given.rows));
    expect(largestDifference(ours, given.scores)).toBeLessThan(1e-12);
    expect(toPredictions(ours)).toEqual(given.predictions);
  });

  test('labels ties as scikit-learn does, where its two means differ by rounding', () => {
    for (const { classifier, rows, scores, predictions } of reference.ties) {
      const ours = scoresOf(randomForestSchema.parse(classifier), matrixOf(rows));
      expect(largestDifference(ours, scores)).toBeLessThan(1e-12);
      expect(toPredictions(ours)).toEqual(predictions);
    }
    const isRounded = ({ scores, predictions }: (typeof reference.ties)[number]) =>
      toPredictions(scores).join() !== predictions.join();
    expect(reference.ties.filter(isRounded).length).toBe(3);
  });

  test.each([
    ['a tie', [0, 1], 0.5],
    ['a tie of thirds', [1 / 3, 2 / 3], 0.5],
    ['all leaves agree', [1, 1, 1], 1],
    ['shares', [0.25, 0.5, 0], 0.25],
  ])('is the mean of the leaves: %s', (_, values, expected) => {
    expect(createRandomForest(prepareRandomForest(leavesOf(values)), 1)(new Float64Array(1))).toBe(expected);
  });

  test('throws where a feature is beyond float32', () => {
    const predictProba = createRandomForest(prepareRandomForest(leavesOf([1])), 2);
    expect(() => predictProba(Float64Array.of(0, 1e39))).toThrow('scaled feature 1: 1e+39 is beyond float32');
  });

  test.each([-0.1, 1.1])('refuses a leaf whose share is %d', (share) => {
    expect(randomForestSchema.safeParse(leavesOf([share])).error?.issues[0]).toMatchObject({
      path: ['trees', 'value'],
      message: 'expected shares from 0 to 1',
    });
  });
});

describe('fitRandomForest', () => {
  test.each(reference.sizes)('grows trees as large as scikit-learn: $parameters', (given) => {
    const { trees } = fitRandomForest(features, labels, {
      n_estimators: 50,
      ...parametersOf(given.parameters),
    });
    expect(trees.roots.length).toBe(50);
    expect(trees.feature.length / 50 / given.nodes).toBeCloseTo(1, 1);
    expect(meanDepth(trees) / given.depth).toBeCloseTo(1, 1);
  });

  test.each(reference.without_chance)(
    'grows the tree of scikit-learn where nothing is drawn: $parameters',
    (given) => {
      const matrix = matrixOf(given.rows);
      const forest = fitRandomForest(matrix, Uint8Array.from(given.labels), parametersOf(given.parameters));
      expect(forest.trees).toEqual(given.trees);
    },
  );

  test('gives the same forest for the same seed, another for another', () => {
    const [first, again, other] = [1, 1, 2].map((seed) =>
      fitRandomForest(features, labels, { n_estimators: 3, seed }),
    );
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('classifies its training rows without bootstrap', () => {
    const { trees } = fitRandomForest(features, labels, { n_estimators: 2, bootstrap: false });
    expect(trees.value.every((share) => share === 0 || share === 1)).toBe(true);
    expect(toPredictions(scoresOf({ family: 'random-forest', trees }, features))).toEqual(Array.from(labels));
  });

  test('looks past constant columns, however few it may draw', () => {
    const rows = Array.from({ length: 40 }, (_, i) => [7, 7, 7, i, 7, 7]);
    const halves = Uint8Array.from(rows, (_, i) => (i < 20 ? 0 : 1));
    const { trees } = fitRandomForest(matrixOf(rows), halves, { n_estimators: 20, max_features: 1 });
    expect(new Set(trees.feature)).toEqual(new Set([3, -1]));
  });

  test('returns the share of label 1 where rows are equal and labels are not', () => {
    const matrix = createMatrix(new Float64Array(8), 1);
    const forest = fitRandomForest(matrix, Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 1), { bootstrap: false });
    expect(scoresOf(forest, matrix)[0]).toBe(0.25);
  });

  test('takes one feature and two rows, and 64 features', () => {
    const two = fitRandomForest(createMatrix(Float64Array.of(1, 2), 1), Uint8Array.of(0, 1));
    expect(two.trees.roots.length).toBe(100);
    const wide = Float64Array.from({ length: 640 }, (_, i) => (i * 37) % 101);
    const forest = fitRandomForest(createMatrix(wide, 64), Uint8Array.of(0, 1, 0, 1, 1, 0, 0, 1, 0, 1));
    expect(randomForestSchema.safeParse(forest).success).toBe(true);
  });

  test('grows trees as deep as there are rows', () => {
    const alternating = Uint8Array.from({ length: 3000 }, (_, i) => i % 2);
    const matrix = createMatrix(Float64Array.from(alternating.keys()), 1);
    const forest = fitRandomForest(matrix, alternating, { n_estimators: 1, bootstrap: false });
    expect(meanDepth(forest.trees)).toBe(2999);
    expect(toPredictions(scoresOf(forest, matrix))).toEqual(Array.from(alternating));
  });

  test('fits in an artifact of less than 2.5 MB with its defaults', () => {
    expect(JSON.stringify(fitRandomForest(features, labels)).length).toBeLessThan(2_500_000);
  });

  test.each([
    ['one class', Uint8Array.of(0, 0), 'no row has the label 1'],
    ['another label', Uint8Array.of(0, 1, 2), 'label 2: expected 0 or 1'],
  ])('refuses %s', (_, wrong, message) => {
    const matrix = createMatrix(new Float64Array(wrong.length), 1);
    expect(() => fitRandomForest(matrix, wrong)).toThrow(message);
  });

  test.each([
    { n_estimators: 0 },
    { max_depth: 0 },
    { min_samples_split: 1 },
    { min_samples_leaf: 0 },
    { max_features: 0 },
    { seed: -1 },
  ])('refuses %j', (parameters) => {
    expect(() => fitRandomForest(features, labels, parameters)).toThrow(Object.keys(parameters)[0]);
  });
});

test('is the other share of whole numbers, to the last bit', () => {
  const counts = fc
    .integer({ min: 1, max: 10_000_000 })
    .chain((total) => fc.tuple(fc.integer({ min: 0, max: total }), fc.constant(total)));
  fc.assert(
    fc.property(counts, ([ones, total]) => {
      expect(complementShare(ones / total)).toBe((total - ones) / total);
    }),
  );
});

test('is not what a subtraction gives', () => {
  expect(complementShare(9 / 10)).toBe(1 / 10);
  expect(1 - 9 / 10).not.toBe(1 / 10);
});

test('is near 1 − share for every other number', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1, noNaN: true }), (share) => {
      expect(Math.abs(complementShare(share) - (1 - share))).toBeLessThanOrEqual(2 ** -53);
    }),
  );
});

test('draws every column of a node once, in every order equally often', () => {
  const choice = createColumnDraw(3, 2, createRandom(1));
  const counts = new Map<string, number>();
  for (let node = 0; node < 6000; node++) {
    const order = [0, 1, 2].map(choice.pick).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect([...counts.keys()].sort()).toEqual(['012', '021', '102', '120', '201', '210']);
  // Five standard deviations of a binomial count.
  for (const count of counts.values()) expect(Math.abs(count - 1000)).toBeLessThan(145);
});

test('draws the first column of a node evenly when no other is drawn', () => {
  const choice = createColumnDraw(4, 1, createRandom(2));
  const counts = [0, 0, 0, 0];
  for (let node = 0; node < 8000; node++) counts[choice.pick(0)]++;
  for (const count of counts) expect(Math.abs(count - 2000)).toBeLessThan(195);
});
