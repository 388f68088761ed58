import type { Classifier } from '../classifiers/classifier.ts';
import { leafMark, type Trees } from '../trees/trees.ts';
import { ImportError } from './import-error.ts';

const negative = (value: number) => 0 - value;

/** The same classifier with labels 0 and 1 exchanged: its score is 1 less the score before. */
export function swapLabels(classifier: Classifier, source: string): Classifier {
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
    case 'gradient-boosting':
      return {
        ...classifier,
        init: negative(classifier.init),
        trees: withLeaves(classifier.trees, negative),
      };
    case 'support-vector-machine': {
      const { platt, dual_coef, intercept } = classifier;
      return {
        ...classifier,
        dual_coef: dual_coef.map(negative),
        intercept: negative(intercept),
        ...(platt && { platt: { a: platt.a, b: negative(platt.b) } }),
      };
    }
    case 'neural-network':
      throw new ImportError(source, {
        problem: 'the classes of a neural network cannot be exchanged',
        remedy: 'Name the classes in the order of the model',
      });
  }
}

function withLeaves(trees: Trees, toValue: (value: number) => number): Trees {
  const value = trees.value.map((one, node) => (trees.feature[node] === leafMark ? toValue(one) : one));
  return { ...trees, value };
}
