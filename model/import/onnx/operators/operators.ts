import { maxFeatures } from '../../../matrix.ts';
import type { Node } from '../onnx-schema.ts';
import {
  floatAttribute,
  floatsAttribute,
  integerAttribute,
  integersAttribute,
  tensorAttribute,
} from '../read-attribute.ts';
import type { Tensor } from '../read-tensor.ts';
import { activate, addBias, gemm, matMul, softmax } from './dense.ts';
import { linearClassifier, svmClassifier } from './linear-and-svm-classifiers.ts';
import { clip, scaleFeatures, scaler, toPrecision } from './scaling.ts';
import {
  cast,
  complement,
  dividedByRowSums,
  normalizer,
  pass,
  pickColumns,
  reshape,
  rowSums,
  toScores,
  zipMap,
} from './scores.ts';
import { treeEnsembleClassifier } from './tree-ensemble-classifier.ts';
import {
  type Call,
  describe,
  type Features,
  type Operator,
  refusal,
  type Scores,
  type Value,
} from './value.ts';

const operators = new Map<string, Operator>(
  Object.entries({
    Constant: ({ node }) => [{ kind: 'constant', tensor: constantOf(node) }],
    Identity: pass,
    Dropout: pass,
    Cast: cast,
    Flatten: reshape,
    Reshape: reshape,
    Squeeze: reshape,
    Unsqueeze: reshape,
    Concat: concat,
    Gather: pickColumns,
    Add: arithmetic,
    Sub: arithmetic,
    Mul: arithmetic,
    Div: arithmetic,
    Clip: clip,
    MatMul: matMul,
    Gemm: gemm,
    Relu: activate('relu'),
    Tanh: activate('tanh'),
    Sigmoid: activate('sigmoid'),
    Softmax: softmax,
    ReduceL1: rowSums,
    ReduceSum: rowSums,
    Neg: afterDecision,
    Abs: absolute,
    Less: afterDecision,
    Sum: afterDecision,
    'ai.onnx.ml.ArrayFeatureExtractor': pickColumns,
    'ai.onnx.ml.FeatureVectorizer': featureVectorizer,
    'ai.onnx.ml.LinearClassifier': linearClassifier,
    'ai.onnx.ml.Normalizer': normalizer,
    'ai.onnx.ml.Scaler': scaler,
    'ai.onnx.ml.SVMClassifier': svmClassifier,
    'ai.onnx.ml.TreeEnsembleClassifier': treeEnsembleClassifier,
    'ai.onnx.ml.ZipMap': zipMap,
  } satisfies Record<string, Operator>),
);

/** @throws OnnxError for an operator that cannot be converted, or that is used in an unsupported way */
export function apply(call: Call): readonly Value[] {
  const { node } = call;
  const operator = operators.get(node.domain === '' ? node.operator : `${node.domain}.${node.operator}`);
  if (operator === undefined) throw refusal(node, 'cannot be converted');
  return operator(call);
}

function constantOf(node: Node): Tensor {
  const tensor = tensorAttribute(node, 'value');
  if (tensor) return tensor;
  const number = floatAttribute(node, 'value_float') ?? integerAttribute(node, 'value_int');
  if (number !== undefined) return { dims: [], values: Float64Array.of(number) };
  const floats = floatsAttribute(node, 'value_floats');
  const values = floats.length > 0 ? floats : integersAttribute(node, 'value_ints');
  if (values.length > 0) return { dims: [values.length], values };
  throw refusal(node, 'expected numbers');
}

/** Add, Sub, Mul and Div: scaling of features, the bias of a layer, or a conversion of probabilities. */
function arithmetic(call: Call): Value[] {
  const { node, inputs } = call;
  if (inputs.some((input) => input?.kind === 'decision')) return afterDecision(call);
  const isCommutative = node.operator === 'Add' || node.operator === 'Mul';
  const [left, right] = isCommutative && inputs[0]?.kind === 'constant' ? [inputs[1], inputs[0]] : inputs;
  if (right?.kind === 'constant') {
    if (left?.kind === 'features') return [scaleFeatures(call, left, right.tensor)];
    if (left?.kind === 'network' && node.operator === 'Add') {
      return [addBias(node, left, { tensor: right.tensor, beta: 1 })];
    }
  }
  const scores = toScores(right);
  if (left?.kind === 'constant' && scores && node.operator === 'Sub')
    return [complement(call, left.tensor, scores)];
  const normalized = node.operator === 'Div' ? dividedByRowSums(call) : undefined;
  if (normalized) return [normalized];
  throw refusal(node, `${describe(inputs[0])} and ${describe(inputs[1])}`);
}

/**
 * Operators that follow a support vector machine's decision, such as the votes written by skl2onnx. Score and
 * label come from the decision, so these operators are skipped and the decision is marked as altered.
 */
function afterDecision({ node, inputs }: Call): Value[] {
  const decision = inputs.find((input) => input?.kind === 'decision');
  const isKnown = inputs.every((input) => input?.kind === 'decision' || input?.kind === 'constant');
  if (decision?.kind !== 'decision' || !isKnown) throw refusal(node, `of ${describe(inputs[0])}`);
  const isSame = inputs.every((input) => input?.kind !== 'decision' || input.tensor === decision.tensor);
  if (!isSame) throw refusal(node, 'of two decision functions');
  return [{ ...decision, isAltered: true }];
}

/** Probabilities are their own absolute values. */
function absolute(call: Call): Value[] {
  const scores = toScores(call.inputs[0]);
  return scores ? [scores] : afterDecision(call);
}

/** Concatenates columns of features, or probabilities of one classifier. */
function concat(call: Call): Value[] {
  const { node, inputs } = call;
  const [first] = inputs;
  if (first?.kind === 'decision') return afterDecision(call);
  const axis = integerAttribute(node, 'axis') ?? 1;
  if (axis !== 1 && axis !== -1) throw refusal(node, `axis ${axis}, expected 1`);
  return [first?.kind === 'features' ? concatFeatures(call, first) : concatScores(call)];
}

/** ai.onnx.ml.FeatureVectorizer: concatenates the columns of its inputs, in float32. */
function featureVectorizer(call: Call): Value[] {
  const [first] = call.inputs;
  if (first?.kind !== 'features') throw refusal(call.node, `of ${describe(first)}`);
  return [toPrecision(concatFeatures(call, first), false)];
}

function concatFeatures({ node, inputs }: Call, first: Features): Features {
  let isShifted = false;
  const columns = inputs.flatMap((input) => {
    if (input?.kind !== 'features') throw refusal(node, `features and ${describe(input)}`);
    if (input.clip?.join() !== first.clip?.join() || input.isDouble !== first.isDouble) {
      throw refusal(node, 'features with different clip ranges or types');
    }
    isShifted ||= input.isShifted;
    return input.columns;
  });
  if (columns.length > maxFeatures)
    throw refusal(node, `${columns.length} features, expected at most ${maxFeatures}`);
  return { ...first, columns, isShifted };
}

function concatScores({ node, inputs }: Call): Value {
  const all = inputs.map((input): Scores => {
    const scores = toScores(input);
    if (scores === undefined) throw refusal(node, `of ${describe(input)}`);
    return scores;
  });
  const [first] = all;
  if (first === undefined || all.some(({ source }) => source.origin !== first.source.origin)) {
    throw refusal(node, 'probabilities of different classifiers');
  }
  return { ...first, labels: all.flatMap(({ labels }) => labels).slice(0, maxFeatures) };
}
