import type { Tensor } from '@tensorflow/tfjs';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { drawLabeledReadings, generateDataset } from '../../dataset/generate-dataset.ts';
import { createMatrix } from '../../matrix.ts';
import { fitStandardScaler } from '../../scalers/fit-scaler.ts';
import { transform } from '../../scalers/scaler.ts';
import {
  chooseTensorFlow,
  fitNeuralNetwork,
  type LoadedTensorFlow,
  loadTensorFlow,
} from './fit-neural-network.ts';
import { createNeuralNetwork, neuralNetworkSchema, prepareNeuralNetwork } from './neural-network.ts';

const small = generateDataset({ rows: 300, seed: 4 });
const rows = transform(fitStandardScaler(small.features), small.features);
const quick = { epochs: 1, min_steps: 5 };

describe('fitNeuralNetwork', () => {
  let loaded: LoadedTensorFlow;
  beforeAll(async () => {
    loaded = await loadTensorFlow();
  });

  test('has an accuracy of at least 91.5 % on fresh rows', { timeout: 60_000 }, async () => {
    const { features, labels } = generateDataset();
    const scaler = fitStandardScaler(features);
    const network = await fitNeuralNetwork(transform(scaler, features), labels, { epochs: 8 });
    const fresh = drawLabeledReadings({ rows: 50_000, seed: 5 });
    const { values } = transform(scaler, fresh.features);
    const predictProba = createNeuralNetwork(prepareNeuralNetwork(network));
    const right = fresh.labels.filter(
      (label, i) => Number(predictProba(values.subarray(3 * i, 3 * i + 3)) > 0.5) === label,
    ).length;
    expect(right / fresh.labels.length).toBeGreaterThan(0.915);
    expect(right / fresh.labels.length).toBeLessThan(0.934);
  });

  test('is storable, and reproducible from the seed, even with two fits at a time', async () => {
    const first = await fitNeuralNetwork(rows, small.labels, quick);
    expect(neuralNetworkSchema.parse(JSON.parse(JSON.stringify(first)))).toEqual(first);
    const [again, other] = await Promise.all([
      fitNeuralNetwork(rows, small.labels, quick),
      fitNeuralNetwork(rows, small.labels, { ...quick, seed: 1 }),
    ]);
    expect(again).toEqual(first);
    expect(other).not.toEqual(first);
  });

  test('scores as TensorFlow.js does with the same weights', async () => {
    const { tf } = loaded;
    const network = await fitNeuralNetwork(rows, small.labels, quick);
    const predictProba = createNeuralNetwork(prepareNeuralNetwork(network));
    const expected = tf.tidy(() => {
      let values: Tensor = tf.tensor2d(Float32Array.from(rows.values), [rows.rows, 3]);
      for (const { kernel, bias, activation } of network.layers) {
        const sums = tf.add(
          tf.matMul(values, tf.tensor2d(kernel, [kernel.length / bias.length, bias.length])),
          tf.tensor1d(bias),
        );
        values = activation === 'relu' ? tf.relu(sums) : tf.sigmoid(sums);
      }
      return Array.from(values.dataSync());
    });
    const differences = expected.map((score, i) =>
      Math.abs(score - predictProba(rows.values.subarray(3 * i, 3 * i + 3))),
    );
    expect(Math.max(...differences)).toBeLessThan(1e-6);
  });

  test('disposes of all tensors, even where it fails', async () => {
    const before = loaded.tf.memory().numTensors;
    await fitNeuralNetwork(rows, small.labels, quick);
    const huge = createMatrix(Float64Array.of(1e300, -1e300, 1e300, -1e300), 1);
    await expect(fitNeuralNetwork(huge, Uint8Array.of(0, 1, 1, 0), quick)).rejects.toThrow(
      'scale the features',
    );
    expect(loaded.tf.memory().numTensors).toBe(before);
  });

  test('fits a few rows of one or sixty-four features', async () => {
    for (const columns of [1, 64]) {
      const labels = Uint8Array.from({ length: 24 }, (_, i) => i % 2);
      const values = Float64Array.from(
        { length: 24 * columns },
        (_, i) => labels[Math.floor(i / columns)] - 0.5,
      );
      const network = await fitNeuralNetwork(createMatrix(values, columns), labels, { min_steps: 100 });
      const score = createNeuralNetwork(prepareNeuralNetwork(network));
      expect(score(new Float64Array(columns).fill(0.5))).toBeGreaterThan(0.9);
      expect(score(new Float64Array(columns).fill(-0.5))).toBeLessThan(0.1);
    }
  });

  test('refuses one class only', async () => {
    await expect(fitNeuralNetwork(rows, new Uint8Array(rows.rows))).rejects.toThrow('no row has the label 1');
  });
});

describe('chooseTensorFlow', () => {
  test('falls back to JavaScript where the native library is missing, without messages', async () => {
    const spies = [vi.spyOn(console, 'warn'), vi.spyOn(console, 'log'), vi.spyOn(console, 'info')];
    const { tf, library } = await chooseTensorFlow(() => Promise.reject(new Error('no libtensorflow.so')));
    expect(library).toMatch(/^@tensorflow\/tfjs \d+\.\d+\.\d+ \(cpu\)$/);
    expect(tf.tensor1d([2]).dataSync()).toEqual(Float32Array.of(2));
    for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  });

  test('prefers the native library, and names it', async () => {
    const pure = await import('@tensorflow/tfjs');
    const native = { ...pure, version: { ...pure.version, 'tfjs-node': '9.8.7' } };
    const { library } = await chooseTensorFlow(async () => native);
    expect(library).toBe('@tensorflow/tfjs-node 9.8.7 (cpu)');
  });
});
