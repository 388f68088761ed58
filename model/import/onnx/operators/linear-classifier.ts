import { classLabels, floatsAttribute, textAttribute } from '../read-attribute.ts';
import { type Call, expectFeatures, refusal, type Source, type Value } from './value.ts';

const unused: Value = { kind: 'unused' };

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
  if (transform !== 'NONE') return [unused, { kind: 'scores', source, labels: [0, 1] }];
  return [unused, { kind: 'decision', source, tensor: node.outputs[1] ?? '', column: 1, isAltered: false }];
}
