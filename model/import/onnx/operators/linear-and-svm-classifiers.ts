import type { Kernel } from '../../../classifiers/support-vector-machine/kernel.ts';
import type { Node } from '../onnx-schema.ts';
import { classLabels, floatsAttribute, integersAttribute, textAttribute } from '../read-attribute.ts';
import {
  type Call,
  decisions,
  expectFeatures,
  probabilities,
  refusal,
  type Source,
  type Value,
} from './value.ts';

/**
 * ai.onnx.ml.LinearClassifier with two classes: one row of coefficients, or two, where the first is the
 * negative of the second (skl2onnx/operator_converters/linear_classifier.py). SOFTMAX of two such rows is the
 * logistic of twice the decision, as in scikit-learn's multinomial logistic regression.
 */
export function linearClassifier(call: Call): Value[] {
  const { node } = call;
  const features = expectFeatures(call);
  const width = features.columns.length;
  const labels = classLabels(node, { integers: 'classlabels_ints', texts: 'classlabels_strings' });
  const coefficients = floatsAttribute(node, 'coefficients');
  const intercepts = floatsAttribute(node, 'intercepts');
  const rows = intercepts.length;
  if ((rows !== 1 && rows !== 2) || coefficients.length !== rows * width) {
    throw refusal(node, `${coefficients.length} coefficients and ${rows} intercepts for ${width} features`);
  }
  const isOpposite = (j: number) => coefficients[j] === -coefficients[width + j];
  if (rows === 2 && !(intercepts[0] === -intercepts[1] && features.columns.every((_, j) => isOpposite(j)))) {
    throw refusal(node, 'the two rows of coefficients are not opposite');
  }
  const transform = textAttribute(node, 'post_transform') ?? 'NONE';
  const isSoftmax = transform === 'SOFTMAX' && rows === 2;
  if (!isSoftmax && transform !== 'LOGISTIC' && transform !== 'NONE') {
    throw refusal(node, `post_transform ${transform} of ${rows} rows`);
  }
  const factor = isSoftmax ? 2 : 1;
  const source: Source = {
    origin: node,
    features,
    classLabels: labels,
    classify: () => ({
      family: 'logistic-regression',
      coef: Array.from(coefficients.subarray(-width), (value) => factor * value),
      intercept: factor * intercepts[rows - 1],
    }),
  };
  return transform === 'NONE' ? decisions(call, source, 1) : probabilities(source);
}

/**
 * ai.onnx.ml.SVMClassifier with two classes, as written by
 * skl2onnx/operator_converters/support_vector_machines.py. Its sum is libsvm's, positive for label 0, so all
 * signs are flipped here. Without Platt's a and b the output is [−sum, sum], so column 0 is positive for
 * label 1 (onnxruntime/core/providers/cpu/ml/svmclassifier.cc, confirmed by running it). With them it is both
 * probabilities; that of label 0 is 1 / (1 + exp(a · sum + b)).
 */
export function svmClassifier(call: Call): Value[] {
  const { node } = call;
  const features = expectFeatures(call);
  const width = features.columns.length;
  const labels = classLabels(node, { integers: 'classlabels_ints', texts: 'classlabels_strings' });
  const transform = textAttribute(node, 'post_transform') ?? 'NONE';
  if (transform !== 'NONE') throw refusal(node, `post_transform ${transform}, expected NONE`);
  const vectors = floatsAttribute(node, 'support_vectors');
  const coefficients = floatsAttribute(node, 'coefficients');
  const count = integersAttribute(node, 'vectors_per_class').reduce((sum, size) => sum + size, 0);
  const rho = floatsAttribute(node, 'rho');
  if (count < 1 || coefficients.length !== count || vectors.length !== count * width || rho.length !== 1) {
    const found = `${vectors.length} numbers in support_vectors, ${coefficients.length} coefficients and ${rho.length} rho`;
    throw refusal(node, `${found} for ${count} vectors of ${width} features`);
  }
  const platt = plattOf(node);
  const kernel = kernelOf(node);
  const source: Source = {
    origin: node,
    features,
    classLabels: labels,
    isCalibrated: platt !== undefined,
    classify: () => ({
      family: 'support-vector-machine',
      kernel,
      support_vectors: [...vectors],
      dual_coef: Array.from(coefficients, (value) => -value),
      intercept: -rho[0],
      ...(platt && { platt }),
    }),
  };
  return platt ? probabilities(source) : decisions(call, source, 0);
}

function plattOf(node: Node): { a: number; b: number } | undefined {
  const a = floatsAttribute(node, 'prob_a');
  const b = floatsAttribute(node, 'prob_b');
  if (a.length === 0 && b.length === 0) return undefined;
  if (a.length !== 1 || b.length !== 1) throw refusal(node, `${a.length} prob_a and ${b.length} prob_b`);
  return { a: a[0], b: b[0] };
}

function kernelOf(node: Node): Kernel {
  const kind = textAttribute(node, 'kernel_type') ?? 'LINEAR';
  const parameters = floatsAttribute(node, 'kernel_params');
  if (kind !== 'LINEAR' && parameters.length !== 3) {
    throw refusal(node, `${parameters.length} kernel_params, expected gamma, coef0 and degree`);
  }
  const [gamma, coef0, degree] = parameters;
  switch (kind) {
    case 'RBF':
      return { kind: 'rbf', gamma };
    case 'LINEAR':
      return { kind: 'linear' };
    case 'POLY':
      return { kind: 'poly', gamma, coef0, degree };
    case 'SIGMOID':
      return { kind: 'sigmoid', gamma, coef0 };
    default:
      throw refusal(node, `kernel_type ${kind}`);
  }
}
