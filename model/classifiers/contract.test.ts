import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseArtifact } from '../artifact/load-artifact.ts';
import { sealArtifact, serializeArtifact } from '../artifact/seal-artifact.ts';
import { drawLabeledReadings } from '../dataset/generate-dataset.ts';
import { selectRows } from '../matrix.ts';
import { createPipeline } from '../pipeline.ts';
import { fitStandardScaler } from '../scalers/fit-scaler.ts';
import { transform } from '../scalers/scaler.ts';
import type { Classifier, TrainedFamily } from './families.ts';
import { fitGradientBoosting } from './gradient-boosting.ts';
import { fitKNearestNeighbors } from './k-nearest-neighbors/k-nearest-neighbors.ts';
import { fitLogisticRegression } from './logistic-regression.ts';
import { fitNeuralNetwork } from './neural-network/fit-neural-network.ts';
import { fitRandomForest } from './random-forest.ts';
import { fitSupportVectorMachine } from './support-vector-machine/support-vector-machine.ts';

const { featureNames, features, labels } = drawLabeledReadings({ rows: 300, seed: 6 });
const scaler = fitStandardScaler(features);
const scaled = transform(scaler, features);

const fits: Record<TrainedFamily, (seed: number) => Classifier | Promise<Classifier>> = {
  'logistic-regression': () => fitLogisticRegression(scaled, labels),
  'k-nearest-neighbors': () => fitKNearestNeighbors(scaled, labels),
  'random-forest': (seed) => fitRandomForest(scaled, labels, { n_estimators: 20, seed }),
  'gradient-boosting': () => fitGradientBoosting(scaled, labels, { n_estimators: 20 }),
  'support-vector-machine': () => fitSupportVectorMachine(scaled, labels),
  'neural-network': (seed) => fitNeuralNetwork(scaled, labels, { seed }),
};

function toPipeline(classifier: Classifier) {
  const named = featureNames.map((name) => ({ name, unit: '' }));
  return createPipeline({ name: classifier.family, features: named, scaler, classifier, threshold: 0.5 });
}

function seal(classifier: Classifier) {
  const rows = Array.from({ length: 5 }, (_, i) => Array.from(selectRows(features, [i * 50]).values));
  const { score } = toPipeline(classifier);
  return sealArtifact({
    format: { id: 'sensor-sentinel-pipeline', version: 2 },
    features: featureNames.map((name) => ({ name, unit: '' })),
    class_names: ['normal', 'anomaly'],
    scaler,
    classifier,
    threshold: 0.5,
    background: rows,
    origin: {
      kind: 'imported',
      format: 'scikit-learn',
      version: '1.2.1',
      estimator: 'none',
      files: [{ name: 'none', sha256: '0'.repeat(64) }],
    },
    reference: { rows, scores: rows.map(score) },
  });
}

const reading = fc.tuple(
  fc.double({ min: -273.15, max: 1000, noNaN: true }),
  fc.double({ min: 0, max: 100, noNaN: true }),
  fc.double({ min: 0, max: 200, noNaN: true }),
);

describe.each(Object.entries(fits))('%s', async (family, fitFamily) => {
  const classifier = await fitFamily(1);
  const pipeline = toPipeline(classifier);

  test('is of its family', () => {
    expect(classifier.family).toBe(family);
  });

  test('scores every reading with a number from 0 to 1', () => {
    fc.assert(
      fc.property(reading, (values) => {
        const score = pipeline.score(values);
        expect(score >= 0 && score <= 1).toBe(true);
      }),
    );
  });

  test('has learned more than the share of the labels', () => {
    const scores = pipeline.scoreBatch(features.values);
    const right = scores.filter((score, i) => pipeline.toPrediction(score) === labels[i]).length;
    expect(right / labels.length).toBeGreaterThan(0.65);
  });

  test('scores a batch as it scores its rows', () => {
    fc.assert(
      fc.property(fc.array(reading, { maxLength: 20 }), (rows) => {
        const scores = pipeline.scoreBatch(Float64Array.from(rows.flat()));
        expect(Array.from(scores)).toEqual(rows.map((row) => pipeline.score(row)));
      }),
    );
  });

  test('is the same after it was stored and loaded', () => {
    const artifact = seal(classifier);
    const loaded = parseArtifact(serializeArtifact(artifact), 'made.json');
    expect(loaded.artifact.classifier).toEqual(classifier);
    expect(loaded.pipeline.scoreBatch(features.values)).toEqual(pipeline.scoreBatch(features.values));
  });

  test('is reproducible from the same rows and seed', async () => {
    expect(seal(await fitFamily(1)).sha256).toBe(seal(classifier).sha256);
  });

  test('has no state between readings', () => {
    const before = pipeline.score([24, 52, 60]);
    pipeline.score([1000, 0, 200]);
    expect(pipeline.score([24, 52, 60])).toBe(before);
  });
});

describe.each(['random-forest', 'neural-network'] as const)('%s', (family) => {
  test('differs for another seed', async () => {
    const [first, second] = [await fits[family](1), await fits[family](2)];
    expect(seal(first).sha256).not.toBe(seal(second).sha256);
  });
});
