import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { createPipeline, type Pipeline } from '../../pipeline.ts';
import reference from '../../reference/onnx.json' with { type: 'json' };
import { ImportError } from '../import-error.ts';
import type { ImportedParts } from '../imported-parts.ts';
import { importOnnx } from './import-onnx.ts';
import { encodeModel, type ModelOf, type NodeOf, valueInfo } from './testing/encode-model.ts';

function readFixture(name: string): Buffer {
  return readFileSync(new URL(`fixtures/${name}.onnx`, import.meta.url));
}

function toPipeline({ scaler, classifier, featureCount = 0 }: ImportedParts): Pipeline {
  const features = Array.from({ length: featureCount }, (_, j) => ({ name: `x${j}`, unit: '' }));
  return createPipeline({ name: 'imported', features, scaler, classifier, threshold: 0.5 });
}

async function refusalOf(model: ModelOf): Promise<string> {
  const refused = await importOnnx(encodeModel(model), 'model.onnx').catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ImportError);
  return String(refused);
}

const float32Accuracy = 5e-6;

describe('importOnnx', () => {
  test.each(reference.models)(
    'scores as the scikit-learn model that was converted to $name',
    async (model) => {
      const pipeline = toPipeline(await importOnnx(readFixture(model.name), model.name));
      for (const [i, row] of reference.rows.entries()) {
        const score = pipeline.score(row);
        expect(Math.abs(score - model.scores[i])).toBeLessThan(float32Accuracy);
        expect(pipeline.toPrediction(score)).toBe(model.predictions[i]);
      }
    },
  );

  test("keeps Platt's probability beside the score", async () => {
    const model = reference.models.find(({ name }) => name === 'svc-platt');
    const pipeline = toPipeline(await importOnnx(readFixture('svc-platt'), 'svc-platt'));
    for (const [i, row] of reference.rows.entries()) {
      expect(pipeline.calibratedProbability(row)).toBeCloseTo(model?.calibrated?.[i] ?? Number.NaN, 3);
    }
  });

  test.each([
    ['logistic', { scaler: 'standard', family: 'logistic-regression' }],
    ['logistic-double', { scaler: 'standard', family: 'logistic-regression' }],
    ['logistic-columns', { scaler: 'min-max', family: 'logistic-regression' }],
    ['logistic-raw', { scaler: 'max-abs', family: 'logistic-regression' }],
    ['forest', { scaler: 'none', family: 'random-forest' }],
    ['boosting', { scaler: 'none', family: 'gradient-boosting' }],
    ['svc-rbf', { scaler: 'standard', family: 'support-vector-machine' }],
    ['network', { scaler: 'standard', family: 'neural-network' }],
    ['network-softmax', { scaler: 'standard', family: 'neural-network' }],
  ])('makes of %s the scaler and the classifier %j', async (name, { scaler, family }) => {
    const parts = await importOnnx(readFixture(name), name);
    expect([parts.scaler.kind, parts.classifier.family]).toEqual([scaler, family]);
  });

  test('takes feature names from inputs of one column, and class names', async () => {
    const parts = await importOnnx(readFixture('logistic-columns'), 'logistic-columns');
    expect(parts.featureNames).toEqual(['temperature', 'humidity', 'sound_volume']);
    expect(parts.classNames).toEqual(['fine', 'anomalous']);
  });

  test('names the operators and the producer of the file', async () => {
    const { estimator, version } = await importOnnx(readFixture('boosting'), 'boosting');
    expect(estimator).toBe('Scaler → TreeEnsembleClassifier → ZipMap');
    expect(version).toBe('make_onnx 1, opset 15');
  });

  test('converts all comparisons and numberings to the same trees', async () => {
    const [one, other] = await Promise.all(
      ['boosting', 'boosting-modes'].map((name) => importOnnx(readFixture(name), name)),
    );
    expect(other.classifier).toEqual(one.classifier);
  });
});

function node(operator: string, more: Partial<NodeOf> = {}): NodeOf {
  return { operator, inputs: ['X'], outputs: ['scores'], ...more };
}

function ml(operator: string, attributes: NodeOf['attributes'] = {}, inputs = ['X']): NodeOf {
  return { operator, domain: 'ai.onnx.ml', inputs, outputs: ['label', 'scores'], attributes };
}

const linear = {
  coefficients: { floats: [-1, -2, 1, 2] },
  intercepts: { floats: [-0.5, 0.5] },
  classlabels_ints: [0, 1],
  post_transform: 'LOGISTIC',
};

const stump = {
  nodes_treeids: [0, 0, 0],
  nodes_nodeids: [0, 1, 2],
  nodes_featureids: [1, 0, 0],
  nodes_modes: ['BRANCH_LEQ', 'LEAF', 'LEAF'],
  nodes_values: { floats: [0.5, 0, 0] },
  nodes_truenodeids: [1, 0, 0],
  nodes_falsenodeids: [2, 0, 0],
  class_treeids: [0, 0],
  class_nodeids: [1, 2],
  class_ids: [0, 0],
  class_weights: { floats: [-1, 2] },
  classlabels_int64s: [0, 1],
  post_transform: 'LOGISTIC',
};

const machine = {
  kernel_type: 'RBF',
  kernel_params: { floats: [0.5, 0, 3] },
  support_vectors: { floats: [0, 0, 1, 1] },
  coefficients: { floats: [1, -1] },
  rho: { floats: [0.25] },
  vectors_per_class: [1, 1],
  classlabels_ints: [0, 1],
};

describe('importOnnx refuses an operator by name', () => {
  test.each<[string, NodeOf[], string]>([
    ['nearest neighbors', [node('TopK')], 'operator TopK: cannot be converted'],
    ['constructor', [node('constructor')], 'operator constructor: cannot be converted'],
    ['toString', [ml('toString')], 'operator ai.onnx.ml.toString: cannot be converted'],
    ['__proto__', [node('__proto__')], 'operator __proto__: cannot be converted'],
    ['loops', [node('Scan')], 'operator Scan: cannot be converted'],
    [
      'an operator of another domain',
      [node('Relu', { domain: 'com.acme' })],
      'operator com.acme.Relu: cannot be',
    ],
    [
      'the wrong order of layers',
      [node('Sigmoid')],
      'operator Sigmoid: expected a layer as input, got 2 features',
    ],
    [
      'probabilities of three classes',
      [ml('LinearClassifier', { ...linear, classlabels_ints: [0, 1, 2] })],
      '3 classes',
    ],
    [
      'rows of coefficients that are not opposite',
      [ml('LinearClassifier', { ...linear, coefficients: { floats: [-1, -2, 1, 3] } })],
      'operator ai.onnx.ml.LinearClassifier: the two rows of coefficients are not opposite',
    ],
    [
      'probit',
      [ml('LinearClassifier', { ...linear, post_transform: 'PROBIT' })],
      'post_transform PROBIT of 2 rows',
    ],
    [
      'coefficients for more features',
      [ml('LinearClassifier', { ...linear, intercepts: { floats: [1] } })],
      '4 coef',
    ],
    [
      'an attribute has an unexpected type',
      [ml('LinearClassifier', { ...linear, post_transform: 1 })],
      'has an unexpected type',
    ],
    [
      'a comparison for equality',
      [ml('TreeEnsembleClassifier', { ...stump, nodes_modes: ['BRANCH_EQ', 'LEAF', 'LEAF'] })],
      'nodes_modes has "BRANCH_EQ"',
    ],
    [
      'a tree that loops',
      [ml('TreeEnsembleClassifier', { ...stump, nodes_falsenodeids: [0, 0, 0] })],
      '2 nodes of tree 0 cannot be reached',
    ],
    [
      'a node with two parents',
      [ml('TreeEnsembleClassifier', { ...stump, nodes_falsenodeids: [1, 0, 0] })],
      'node 1 of tree 0 has two parents',
    ],
    [
      'a child that is not there',
      [ml('TreeEnsembleClassifier', { ...stump, nodes_truenodeids: [7, 0, 0] })],
      'tree 0 has no node 7',
    ],
    [
      'a node too many',
      [ml('TreeEnsembleClassifier', { ...stump, nodes_modes: ['LEAF', 'LEAF', 'LEAF'] })],
      'a tree with 3 roots',
    ],
    [
      'a node twice',
      [ml('TreeEnsembleClassifier', { ...stump, nodes_nodeids: [0, 1, 1] })],
      'node 1 of tree 0 occurs twice',
    ],
    [
      'a weight of a node that is no leaf',
      [ml('TreeEnsembleClassifier', { ...stump, class_nodeids: [0, 2] })],
      'a weight of node 0 of tree 0, which is not a leaf',
    ],
    ['lists of other lengths', [ml('TreeEnsembleClassifier', { ...stump, nodes_nodeids: [0, 1] })], 'id 2'],
    [
      'weights of two classes that do not agree',
      [ml('TreeEnsembleClassifier', { ...stump, class_treeids: [0, 0], class_ids: [0, 1] })],
      'weights of classes 0 and 1 that should be opposite',
    ],
    [
      'a machine without vectors',
      [ml('SVMClassifier', { ...machine, vectors_per_class: [] })],
      'for 0 vectors',
    ],
    ['another kernel', [ml('SVMClassifier', { ...machine, kernel_type: 'CHI2' })], 'kernel_type CHI2'],
    [
      'what is scaled by nothing',
      [{ ...ml('Scaler', { offset: { floats: [0] }, scale: { floats: [0] } }), outputs: ['scores'] }],
      'operator ai.onnx.ml.Scaler: feature 0 is scaled by 0',
    ],
    [
      'readings that are normalized by row',
      [{ ...ml('Normalizer', { norm: 'L2' }), outputs: ['scores'] }],
      'norm L2',
    ],
  ])('%s', async (_, nodes, message) => {
    expect(await refusalOf({ nodes })).toContain(message);
  });

  test('and names the alternative', async () => {
    expect(await refusalOf({ nodes: [node('TopK')] })).toMatch(/^ImportError: model\.onnx: .*\.pkl/);
  });
});

describe('importOnnx refuses a model', () => {
  const classifier = ml('LinearClassifier', linear);
  const scores = valueInfo('scores', { elementType: 1, dims: [] });
  const label = valueInfo('label', { elementType: 7, dims: [] });
  const inputOf = (elementType: number, dims: (number | undefined)[]) =>
    valueInfo('X', { elementType, dims });

  test.each<[string, ModelOf, string]>([
    [
      'no output of scores',
      { nodes: [classifier], outputs: [label] },
      'no output of the model is the probability of a label',
    ],
    ['no input', { nodes: [classifier], inputs: [] }, 'the model has no input'],
    ['text as input', { nodes: [classifier], inputs: [inputOf(8, [undefined, 2])] }, 'is a tensor of string'],
    [
      'half precision',
      { nodes: [classifier], inputs: [inputOf(10, [undefined, 2])] },
      'is a tensor of float16',
    ],
    [
      'an unknown number of features',
      { nodes: [classifier], inputs: [inputOf(1, [undefined, undefined])] },
      '? × ?',
    ],
    ['images', { nodes: [classifier], inputs: [inputOf(1, [undefined, 3, 8, 8])] }, '? × 3 × 8 × 8'],
    ['too many features', { nodes: [classifier], width: 65 }, 'more than 64 features'],
    ['a tensor produced twice', { nodes: [classifier, classifier] }, 'tensor "label" is produced twice'],
    [
      'a tensor from nowhere',
      { nodes: [ml('LinearClassifier', linear, ['Y'])] },
      'nothing produces its input "Y"',
    ],
    [
      'two different scores',
      {
        nodes: [classifier, { ...classifier, outputs: ['label2', 'scores2'] }],
        outputs: [scores, valueInfo('scores2', { elementType: 1, dims: [] })],
      },
      'two outputs are scores: "scores" and "scores2"',
    ],
    [
      'features left out',
      {
        nodes: [
          { ...ml('ArrayFeatureExtractor', {}, ['X', 'first']), outputs: ['some'] },
          ml('LinearClassifier', { ...linear, coefficients: { floats: [-1, 1] } }, ['some']),
        ],
        constants: { first: { dims: [1], values: [0] } },
      },
      'the classifier uses features 0 of 2, expected each once',
    ],
    [
      'a constant of another size than it says',
      {
        nodes: [node('MatMul', { inputs: ['X', 'weights'] })],
        constants: { weights: { dims: [2, 2 ** 40], values: [1, 2] } },
      },
      'a tensor of 2 × 1099511627776 with 2 values',
    ],
    [
      'a network without an end',
      {
        nodes: [node('MatMul', { inputs: ['X', 'weights'] })],
        constants: { weights: { dims: [2, 1], values: [1, 2] } },
      },
      'no output of the model is the probability of a label',
    ],
    [
      'infinite weights',
      {
        nodes: [
          node('MatMul', { inputs: ['X', 'weights'], outputs: ['sum'] }),
          node('Sigmoid', { inputs: ['sum'] }),
        ],
        constants: { weights: { dims: [2, 1], values: [1, Number.POSITIVE_INFINITY] } },
      },
      'classifier.coef.1',
    ],
  ])('%s', async (_, model, message) => {
    expect(await refusalOf(model)).toContain(message);
  });
});

describe('a single tree, by hand', () => {
  test('compares as the mode says, with the float32 next to the threshold', async () => {
    const scoresOf = async (mode: string) => {
      const attributes = { ...stump, nodes_modes: [mode, 'LEAF', 'LEAF'] };
      const parts = await importOnnx(
        encodeModel({ nodes: [ml('TreeEnsembleClassifier', attributes)] }),
        'stump',
      );
      const pipeline = toPipeline(parts);
      return [0.5 - 2 ** -25, 0.5, 0.5 + 2 ** -24].map((x) => pipeline.toPrediction(pipeline.score([9, x])));
    };
    expect(await scoresOf('BRANCH_LEQ')).toEqual([0, 0, 1]);
    expect(await scoresOf('BRANCH_LT')).toEqual([0, 1, 1]);
    expect(await scoresOf('BRANCH_GT')).toEqual([1, 1, 0]);
    expect(await scoresOf('BRANCH_GTE')).toEqual([1, 0, 0]);
  });

  test('is scaled in float32, as the original is', async () => {
    const scaling = {
      ...ml('Scaler', { offset: { floats: [0, 20] }, scale: { floats: [1, 0.1] } }),
      outputs: ['Z'],
    };
    const attributes = { ...stump, nodes_values: { floats: [0.41, 0, 0] } };
    const nodes = [scaling, ml('TreeEnsembleClassifier', attributes, ['Z'])];
    const { scaler, classifier } = await importOnnx(encodeModel({ nodes }), 'stump');
    expect(scaler).toEqual({ kind: 'none' });
    const threshold = classifier.family === 'gradient-boosting' ? classifier.trees.threshold[0] : Number.NaN;
    const scaled = (x: number) => Math.fround(Math.fround(x - 20) * Math.fround(0.1));
    expect(scaled(threshold)).toBeLessThanOrEqual(Math.fround(0.41));
    expect(scaled(Math.fround(threshold + 2 ** -19))).toBeGreaterThan(Math.fround(0.41));
  });
});
