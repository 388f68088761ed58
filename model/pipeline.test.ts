import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { loadArtifact } from './artifact/load-artifact.ts';
import { drawLabeledReadings } from './dataset/generate-dataset.ts';
import { evaluate } from './evaluation/evaluate.ts';
import { createPipeline, type PipelineParts } from './pipeline.ts';

const { pipeline } = await loadArtifact(
  new URL('artifacts/gradient-boosting.json', import.meta.url).pathname,
);

/** One feature: (x − 10) / 2 ≤ 0.5 scores expit(0), above it expit(2 · 0.5 · 1). */
const stump: PipelineParts = {
  name: 'stump',
  features: [{ name: 'level', unit: 'm' }],
  scaler: { kind: 'standard', mean: [10], variance: [4], scale: [2] },
  classifier: {
    family: 'gradient-boosting',
    init: 0,
    learning_rate: 0.5,
    trees: {
      roots: [0],
      feature: [0, -1, -1],
      threshold: [0.5, 0, 0],
      left: [1, -1, -1],
      right: [2, -1, -1],
      value: [0, 0, 2],
    },
  },
  threshold: 0.5,
};

const reading = fc.tuple(
  fc.double({ min: -273.15, max: 1000, noNaN: true }),
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.double({ min: 0, max: 200, noNaN: true }),
);

describe('createPipeline', () => {
  const { score, toPrediction } = createPipeline(stump);

  test('scales, classifies and turns log-odds into a probability', () => {
    expect(score([11])).toBe(0.5);
    expect(score([11.1])).toBeCloseTo(1 / (1 + Math.exp(-1)), 15);
  });

  test('predicts 1 above the threshold and 0 at it', () => {
    expect([0.5, 0.5000001, 0, 1].map(toPrediction)).toEqual([0, 1, 0, 1]);
  });

  test.each([
    [[], '0 values, expected 1'],
    [[1, 2], '2 values, expected 1'],
    [[Number.NaN], 'level: NaN is not a finite number'],
    [[Number.POSITIVE_INFINITY], 'level: Infinity is not a finite number'],
    [[1e300], 'is beyond float32'],
  ])('refuses to score %j', (values, message) => {
    expect(() => score(values)).toThrow(message);
  });
});

describe('score', () => {
  test('is a probability for every reading', () => {
    fc.assert(
      fc.property(reading, (values) => {
        const score = pipeline.score(values);
        expect(score >= 0 && score <= 1).toBe(true);
      }),
    );
  });

  test('does not depend on what was scored before', () => {
    fc.assert(
      fc.property(reading, reading, (first, second) => {
        const score = pipeline.score(first);
        pipeline.score(second);
        expect(pipeline.score(first)).toBe(score);
      }),
    );
  });
});

describe('scoreBatch', () => {
  test('gives each row the score of `score`', () => {
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 20 }), (rows) => {
        const scores = pipeline.scoreBatch(Float64Array.from(rows.flat()));
        expect(Array.from(scores)).toEqual(rows.map((row) => pipeline.score(row)));
      }),
    );
  });

  test('fills the given array', () => {
    const out = new Float64Array(3).fill(-1);
    expect(pipeline.scoreBatch(Float64Array.of(24, 52, 60, 19, 40, 30), out)).toBe(out);
    expect(out[2]).toBe(-1);
  });

  test('refuses incomplete rows and a short output array', () => {
    expect(() => pipeline.scoreBatch(new Float64Array(4))).toThrow('4 values, expected rows of 3');
    expect(() => pipeline.scoreBatch(new Float64Array(6), new Float64Array(1))).toThrow(
      'out holds 1 scores, expected 2',
    );
  });
});

describe('the committed artifact', () => {
  test('reaches the expected accuracy on 50 000 fresh readings', () => {
    const { features, labels } = drawLabeledReadings({ rows: 50_000, seed: 2024 });
    const metrics = evaluate(labels, pipeline.scoreBatch(features.values), pipeline.threshold);
    expect(metrics.accuracy).toBeGreaterThanOrEqual(0.924);
    expect(metrics.accuracy).toBeLessThanOrEqual(0.934);
    expect(metrics.f1).toBeGreaterThanOrEqual(0.9);
    expect(metrics.roc_auc).toBeGreaterThanOrEqual(0.96);
  });

  test('predicts normal for a comfortable room and an anomaly for a hot, dry, loud one', () => {
    expect(pipeline.score([24, 52, 60])).toBeLessThan(0.1);
    expect(pipeline.score([27.5, 42, 95])).toBeGreaterThan(0.9);
  });
});
