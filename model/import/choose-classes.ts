import type { Classifier } from '../classifiers/families.ts';
import type { IsolationForest } from '../classifiers/isolation-forest.ts';
import { parseLabel } from '../table/labels.ts';
import { toNamesFlag } from './flag-value.ts';
import { ImportError } from './import-error.ts';
import type { ImportedParts } from './imported-parts.ts';
import { swapLabels } from './swap-labels.ts';

/** A classifier whose label 1 is the anomaly. */
export interface OrientedClassifier {
  readonly classifier: Classifier;
  readonly classNames: [string, string];
  /** The classes of the file that are label 0 and label 1. */
  readonly ownNames: [string, string];
  readonly threshold: number;
  /** Whether label 1 is label 0 of the file. */
  readonly isSwapped: boolean;
}

/**
 * scikit-learn predicts the first class at a score of exactly 0.5. That class is label 1 once the labels are
 * swapped. A classifier with a decision of its own has the score on the right side of 0.5.
 */
const thresholds = { asFitted: 0.5, swapped: 0.5 - 2 ** -54 };

const defaultNames: [string, string] = ['normal', 'anomaly'];

/**
 * Decides which class is the anomaly, whose probability is the score: the second of the requested names, else
 * the class that the names in the file say. scikit-learn sorts classes by name, so the labels of the
 * classifier are swapped where the anomaly comes first. Requested names that the file does not have replace
 * its own.
 *
 * @throws ImportError when neither says which class is the anomaly
 */
export function chooseClasses(
  { classifier, classNames }: ImportedParts,
  requested: readonly [string, string] | undefined,
  source: string,
): OrientedClassifier {
  if (classifier.family === 'isolation-forest') return nameOutliers(classifier, requested);
  const own: [string, string] = classNames ?? ['0', '1'];
  const anomaly = findRequested(own, requested) ?? findByName(own);
  if (anomaly === undefined) throw ambiguous(own, requested, source);
  const isSwapped = anomaly === 0;
  const ownNames: [string, string] = isSwapped ? [own[1], own[0]] : own;
  const isRenamed = requested?.some((name, label) => toKey(name) !== toKey(ownNames[label]));
  const kept = isNumbered(own) ? defaultNames : ownNames;
  return {
    classifier: isSwapped ? swapLabels(classifier) : classifier,
    classNames: requested && isRenamed ? [...requested] : kept,
    ownNames,
    threshold: isSwapped && !('decision' in classifier) ? thresholds.swapped : thresholds.asFitted,
    isSwapped,
  };
}

/** scikit-learn predicts −1 for an anomaly and 1 for a normal reading. */
function nameOutliers(
  classifier: IsolationForest,
  requested: readonly [string, string] | undefined,
): OrientedClassifier {
  return {
    classifier,
    classNames: requested ? [...requested] : defaultNames,
    ownNames: ['1', '-1'],
    threshold: classifier.offset,
    isSwapped: false,
  };
}

/** `0.0` is the class 0, and `true` the class True. */
function toKey(name: string): string {
  const text = name.trim();
  if (/^(true|false)$/i.test(text)) return text.toLowerCase();
  return text !== '' && Number.isFinite(Number(text)) ? String(Number(text)) : text;
}

function isNumbered(own: readonly [string, string]): boolean {
  return ['0,1', 'false,true'].includes(own.map(toKey).toSorted().join());
}

/** The label in the file of the anomaly; undefined where no requested name is a class of the file. */
function findRequested(
  own: readonly [string, string],
  requested: readonly [string, string] | undefined,
): 0 | 1 | undefined {
  if (requested === undefined) return undefined;
  const [normal, anomaly] = requested.map((name) => own.map(toKey).indexOf(toKey(name)));
  if (anomaly >= 0) return anomaly === 0 ? 0 : 1;
  if (normal >= 0) return normal === 0 ? 1 : 0;
  return undefined;
}

/** Words that mean normal or anomaly only beside their opposite. */
const pairedWords = new Set(['0', '1', 'f', 't', 'false', 'true', 'no', 'yes', 'negative', 'positive']);

/** The label in the file of the class that is the anomaly by its name; undefined where names do not say it. */
function findByName(own: readonly [string, string]): 0 | 1 | undefined {
  const [first, second] = own.map((name) => parseLabel(name.trim()));
  if (first === second) return undefined;
  const [known] = [first, second].flatMap((label, i) => (label === undefined ? [] : [{ label, i }]));
  const isAlone = first === undefined || second === undefined;
  if (isAlone && pairedWords.has(own[known.i].trim().toLowerCase())) return undefined;
  return known.label === known.i ? 1 : 0;
}

function ambiguous(
  own: readonly [string, string],
  requested: readonly [string, string] | undefined,
  source: string,
): ImportError {
  const [first, second] = own.map((name) => `"${name}"`);
  const flags = `${toNamesFlag('--classes', own)} if ${second} is the anomaly, ${toNamesFlag('--classes', own.toReversed())} if ${first} is`;
  return new ImportError(source, {
    problem: requested
      ? `the classes are ${first} and ${second}, but --classes names neither`
      : `the classes are ${first} and ${second}, and the names do not say which of them is the anomaly`,
    remedy: `Name the normal class first: ${flags}`,
  });
}

const plainLabels = [
  ['0', 'false'],
  ['1', 'true'],
];

/**
 * How reference vectors may write a prediction of each label: the class name in the artifact, the name in the
 * file, or its number where that is unambiguous.
 */
export function toLabels({ classNames, ownNames }: OrientedClassifier): string[][] {
  const isClear = !ownNames.some((name) => /^-?\d|^(True|False)$/.test(name));
  return classNames.map((name, label) => {
    const own = ownNames[label];
    const asNumber = plainLabels.find((labels) => labels.includes(own.toLowerCase()));
    return [name, own, ...(asNumber ?? (isClear ? plainLabels[label] : []))];
  });
}
