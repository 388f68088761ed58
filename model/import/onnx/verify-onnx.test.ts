import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import reference from '../../reference/onnx.json' with { type: 'json' };
import { convertOnnx } from './import-onnx.ts';
import { loadRuntime, type RuntimeOutput } from './run-original.ts';
import { encodeModel, valueInfo } from './testing/encode-model.ts';
import { compareOutputs, verifyOnnx } from './verify-onnx.ts';

const tolerance = 1e-5;
const converted = {
  ...convertOnnx(readFileSync(new URL('fixtures/logistic.onnx', import.meta.url))),
  tolerance,
};
const { rows } = reference;
const [{ scores, predictions }] = reference.models;

/** The outputs of a runtime that scores as scikit-learn does, with changes. */
function outputsWith(
  change: (output: RuntimeOutput, i: number) => Partial<RuntimeOutput> = () => ({}),
): RuntimeOutput[] {
  return scores.map((score, i) => {
    const output = { scores: [1 - score, score], label: String(predictions[i]) };
    return { ...output, ...change(output, i) };
  });
}

describe('compareOutputs', () => {
  test('counts the rows and measures the largest difference', () => {
    const agreement = compareOutputs(converted, rows, outputsWith());
    expect(agreement.vectors).toBe(rows.length);
    expect(agreement.max_difference).toBeLessThan(1e-6);
    expect(agreement.max_difference).toBeGreaterThan(0);
  });

  test('names the row whose score differs', () => {
    const outputs = outputsWith((output, i) =>
      i === 7 ? { scores: output.scores.map((score) => score + 2e-5) } : {},
    );
    expect(() => compareOutputs(converted, rows, outputs)).toThrow(
      /^row 7 scores 0\.\d+ after the import, but 0\.\d+ in onnxruntime/,
    );
  });

  test('names the row whose label differs', () => {
    const outputs = outputsWith(({ label }, i) => (i === 9 ? { label: label === '0' ? '1' : '0' } : {}));
    expect(() => compareOutputs(converted, rows, outputs)).toThrow(/^row 9 .* which labels it "[01]"$/);
  });

  test('refuses a score that is no number', () => {
    const outputs = outputsWith(() => ({ scores: [Number.NaN, Number.NaN] }));
    expect(() => compareOutputs(converted, rows, outputs)).toThrow('row 0');
  });

  test('leaves out readings on a threshold of float64 trees, and refuses to compare too few', () => {
    const stump = {
      nodes_treeids: [0, 0, 0],
      nodes_nodeids: [0, 1, 2],
      nodes_featureids: [0, 0, 0],
      nodes_modes: ['BRANCH_LEQ', 'LEAF', 'LEAF'],
      nodes_values: { floats: [0.1, 0, 0] },
      nodes_truenodeids: [1, 0, 0],
      nodes_falsenodeids: [2, 0, 0],
      class_treeids: [0, 0],
      class_nodeids: [1, 2],
      class_ids: [0, 0],
      class_weights: { floats: [0.25, 0.75] },
      classlabels_int64s: [0, 1],
    };
    const inputs = [valueInfo('X', { elementType: 11, dims: [undefined, 1] })];
    const node = {
      operator: 'TreeEnsembleClassifier',
      domain: 'ai.onnx.ml',
      inputs: ['X'],
      attributes: stump,
    };
    const model = encodeModel({ nodes: [{ ...node, outputs: ['label', 'scores'] }], inputs });
    const tree = { ...convertOnnx(model), tolerance };
    const low = { scores: [0.75, 0.25], label: '0' };
    const high = { scores: [0.25, 0.75], label: '1' };
    expect(compareOutputs(tree, [[0], [0.1], [1]], [low, high, high])).toEqual({
      vectors: 2,
      max_difference: 0,
    });
    expect(() => compareOutputs(tree, [[0.1], [0.1], [1]], [high, high, high])).toThrow('only 1 of 3 rows');
    expect(() => compareOutputs(tree, [[0], [0.2]], [low, low])).toThrow(
      'row 1 scores 0.75 after the import, but 0.25',
    );
  });
});

const isInstalled = await loadRuntime().then(
  () => true,
  () => false,
);

describe.skipIf(!isInstalled)('verifyOnnx, after `npm install --no-save onnxruntime-node`', () => {
  test.each(reference.models)('finds that $name scores as the original does', async ({ name }) => {
    const model = readFileSync(new URL(`fixtures/${name}.onnx`, import.meta.url));
    const { vectors } = await verifyOnnx(model, name, rows);
    expect(vectors).toBeGreaterThan(rows.length / 2);
  });
});
