import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { createPipeline } from '../pipeline.ts';
import reference from '../reference/pickles-1.4.2.json' with { type: 'json' };
import { swapLabels } from './choose-classes.ts';
import { importSklearn } from './sklearn/import-sklearn.ts';

const features = ['a', 'b', 'c'].map((name) => ({ name, unit: '' }));

describe('swapLabels', () => {
  const names = ['two files', 'neighbors', 'manhattan', 'forest', 'exponential', 'poly', 'calibrated'];
  test.each(reference.cases.filter(({ name }) => names.includes(name)))(
    'gives every row the probability of the other class: $name',
    async ({ files }) => {
      const read = (name: string) => readFile(join(import.meta.dirname, 'fixtures/1.4.2', name));
      const parts = await importSklearn(
        await Promise.all(files.map(async (name) => ({ name, bytes: await read(name) }))),
      );
      const common = { name: 'imported', features, scaler: parts.scaler, threshold: 0.5 };
      const original = createPipeline({ ...common, classifier: parts.classifier });
      const swapped = createPipeline({ ...common, classifier: swapLabels(parts.classifier, 'file') });
      for (const row of reference.rows) {
        expect(swapped.score(row)).toBeCloseTo(1 - original.score(row), 12);
        const calibrated = original.calibratedProbability(row);
        if (calibrated === undefined) continue;
        expect(swapped.calibratedProbability(row)).toBeCloseTo(1 - calibrated, 2);
      }
    },
  );

  test('refuses a neural network', () => {
    const layers = [{ activation: 'sigmoid' as const, kernel: [1, 2, 3], bias: [0] }];
    expect(() => swapLabels({ family: 'neural-network', layers }, 'net.onnx')).toThrow(
      'net.onnx: the classes of a neural network cannot be swapped',
    );
  });
});
