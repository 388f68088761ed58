import type { Classifier } from '../classifiers/families.ts';
import { leafMark, type Trees } from '../trees/trees.ts';

const negative = (value: number) => 0 - value;

/** The same classifier with labels 0 and 1 swapped: its scores become 1 − score. */
export function swapLabels(classifier: Classifier): Classifier {
  switch (classifier.family) {
    case 'logistic-regression':
      return {
        ...classifier,
        coef: classifier.coef.map(negative),
        intercept: negative(classifier.intercept),
      };
    case 'k-nearest-neighbors':
      return { ...classifier, labels: classifier.labels.map((label) => (label === 1 ? 0 : 1)) };
    case 'random-forest':
      return { ...classifier, trees: withLeaves(classifier.trees, (share) => 1 - share) };
    case 'gradient-boosting': {
      const { decision } = classifier;
      return {
        ...classifier,
        init: negative(classifier.init),
        trees: withLeaves(classifier.trees, negative),
        ...(decision && { decision: decision === 'raw > 0' ? 'raw >= 0' : 'raw > 0' }),
      };
    }
    case 'support-vector-machine': {
      const { platt, dual_coef, intercept } = classifier;
      return {
        ...classifier,
        dual_coef: dual_coef.map(negative),
        intercept: negative(intercept),
        ...(platt && { platt: { a: platt.a, b: negative(platt.b) } }),
      };
    }
    case 'neural-network': {
      // The only unit of the last layer is a sigmoid.
      const { kernel, bias, ...last } = classifier.layers[classifier.layers.length - 1];
      const output = { ...last, kernel: kernel.map(negative), bias: bias.map(negative) };
      return { ...classifier, layers: [...classifier.layers.slice(0, -1), output] };
    }
    case 'isolation-forest':
      throw new TypeError('an isolation forest has no classes');
  }
}

function withLeaves(trees: Trees, toValue: (value: number) => number): Trees {
  const value = trees.value.map((one, node) => (trees.feature[node] === leafMark ? toValue(one) : one));
  return { ...trees, value };
}
