import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import reference from '../../reference/onnx.json' with { type: 'json' };
import { convertOnnx } from './import-onnx.ts';
import { compareAnswers } from './judge-onnx.ts';
import type { Answer } from './run-original.ts';
import { encodeModel, encodeValueInfo } from './testing/encode-model.ts';

const tolerance = 1e-5;
const converted = {
  ...convertOnnx(readFileSync(new URL('fixtures/logistic.onnx', import.meta.url))),
  tolerance,
};
const { rows } = reference;
const [{ scores, predictions }] = reference.models;

/** What a runtime would answer that scores as scikit-learn does, but for `change`. */
function answersWith(change: (answer: Answer, i: number) => Partial<Answer> = () => ({})): Answer[] {
  return scores.map((score, i) => {
    const answer = { scores: [1 - score, score], label: String(predictions[i]) };
    return { ...answer, ...change(answer, i) };
  });
}

describe('compareAnswers', () => {
  test('counts the rows and measures the largest difference', () => {
    const agreement = compareAnswers(converted, rows, answersWith());
    expect(agreement.vectors).toBe(rows.length);
    expect(agreement.max_difference).toBeLessThan(1e-6);
    expect(agreement.max_difference).toBeGreaterThan(0);
  });

  test('names the row whose score is another', () => {
    const answers = answersWith((answer, i) =>
      i === 7 ? { scores: answer.scores.map((score) => score + 2e-5) } : {},
    );
    expect(() => compareAnswers(converted, rows, answers)).toThrow(
      /^row 7 scores 0\.\d+ here, and 0\.\d+ in onnxruntime/,
    );
  });

  test('names the row whose label is the other one', () => {
    const answers = answersWith(({ label }, i) => (i === 9 ? { label: label === '0' ? '1' : '0' } : {}));
    expect(() => compareAnswers(converted, rows, answers)).toThrow(/^row 9 .* which labels it "[01]"$/);
  });

  test('refuses a score that is no number', () => {
    const answers = answersWith(() => ({ scores: [Number.NaN, Number.NaN] }));
    expect(() => compareAnswers(converted, rows, answers)).toThrow('row 0');
  });

  test('leaves out readings on the threshold of a tree that takes float64, and refuses to judge by too few', () => {
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
    const inputs = [encodeValueInfo('X', { elementType: 11, dims: [undefined, 1] })];
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
    expect(compareAnswers(tree, [[0], [0.1], [1]], [low, high, high])).toEqual({
      vectors: 2,
      max_difference: 0,
    });
    expect(() => compareAnswers(tree, [[0.1], [0.1], [1]], [high, high, high])).toThrow('only 1 of 3 rows');
    expect(() => compareAnswers(tree, [[0], [0.2]], [low, low])).toThrow('row 1 scores 0.75 here, and 0.25');
  });
});
