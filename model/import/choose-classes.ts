import type { Classifier } from '../classifiers/classifier.ts';
import { leafMark, type Trees } from '../trees/trees.ts';
import { ImportError } from './import-error.ts';
import type { ImportedParts } from './imported-parts.ts';

export interface Oriented {
  readonly classifier: Classifier;
  readonly classNames: [string, string];
  readonly threshold: number;
  /** Whether label 1 is now what label 0 was in the file. */
  readonly isSwapped: boolean;
}

/** A score of exactly 0.5 is the first class in scikit-learn, which is label 1 once the classes are swapped. */
const thresholds = { asFitted: 0.5, swapped: 0.5 - 2 ** -54 };

const [normal, anomaly] = ['normal', 'anomaly'];

/**
 * Which class is the anomaly, whose probability is the score. scikit-learn sorts its classes by name; where the names
 * asked for are the model's own in the other order, the classifier is turned round, and other names replace its own.
 *
 * @throws ImportError where the model's names say that its second class is not the anomaly, and nothing was asked for
 */
export function chooseClasses(
  { classifier, classNames: own }: ImportedParts,
  asked: readonly [string, string] | undefined,
  source: string,
): Oriented {
  if (own && asked && asked[0] === own[1] && asked[1] === own[0]) {
    const swapped = swapLabels(classifier, source);
    return { classifier: swapped, classNames: [...asked], threshold: thresholds.swapped, isSwapped: true };
  }
  if (own && !asked && (isNamed(own[0], anomaly) || isNamed(own[1], normal))) {
    throw new ImportError(source, {
      problem: `the classes are "${own[0]}" and "${own[1]}", so that a score would be the probability of "${own[1]}"`,
      remedy: `Name the normal class first: --classes ${own[1]},${own[0]}`,
    });
  }
  const classNames: [string, string] = asked ? [...asked] : (own ?? [normal, anomaly]);
  return { classifier, classNames, threshold: thresholds.asFitted, isSwapped: false };
}

function isNamed(name: string, word: string): boolean {
  return name.trim().toLowerCase() === word;
}

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
