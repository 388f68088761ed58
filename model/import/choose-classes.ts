import type { Classifier } from '../classifiers/families.ts';
import { leafMark, type Trees } from '../trees/trees.ts';
import { ImportError } from './import-error.ts';
import type { ImportedParts } from './imported-parts.ts';

/** A classifier whose label 1 is the anomaly. */
export interface OrientedClassifier {
  readonly classifier: Classifier;
  readonly classNames: [string, string];
  readonly threshold: number;
  /** Whether label 1 is label 0 of the file. */
  readonly isSwapped: boolean;
}

/**
 * scikit-learn predicts the first class at a score of exactly 0.5. That class is label 1 once the labels are
 * swapped.
 */
const thresholds = { asFitted: 0.5, swapped: 0.5 - 2 ** -54 };

const [normal, anomaly] = ['normal', 'anomaly'];

/**
 * Decides which class is the anomaly, whose probability is the score. scikit-learn sorts classes by name.
 * Where the requested names are those of the model in the other order, the labels of the classifier are
 * swapped; other names replace those of the model.
 *
 * @throws ImportError when the names in the file show that the second class is not the anomaly, and none are
 *   requested
 */
export function chooseClasses(
  { classifier, classNames: own }: ImportedParts,
  requested: readonly [string, string] | undefined,
  source: string,
): OrientedClassifier {
  if (own && requested && requested[0] === own[1] && requested[1] === own[0]) {
    const swapped = swapLabels(classifier, source);
    return {
      classifier: swapped,
      classNames: [...requested],
      threshold: thresholds.swapped,
      isSwapped: true,
    };
  }
  if (own && !requested && (isNamed(own[0], anomaly) || isNamed(own[1], normal))) {
    throw new ImportError(source, {
      problem: `the classes are "${own[0]}" and "${own[1]}", so a score would be the probability of "${own[1]}"`,
      remedy: `Name the normal class first: --classes ${own[1]},${own[0]}`,
    });
  }
  const classNames: [string, string] = requested ? [...requested] : (own ?? [normal, anomaly]);
  return { classifier, classNames, threshold: thresholds.asFitted, isSwapped: false };
}

function isNamed(name: string, word: string): boolean {
  return name.trim().toLowerCase() === word;
}

const negative = (value: number) => 0 - value;

/** The same classifier with labels 0 and 1 swapped: its scores become 1 − score. */
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
        problem: 'the classes of a neural network cannot be swapped',
        remedy: 'Name the classes in the order of the model',
      });
  }
}

function withLeaves(trees: Trees, toValue: (value: number) => number): Trees {
  const value = trees.value.map((one, node) => (trees.feature[node] === leafMark ? toValue(one) : one));
  return { ...trees, value };
}
