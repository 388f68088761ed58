import type { z } from 'zod';
import { type Classifier, classifierSchema } from '../../classifiers/families.ts';
import { scalerSchema } from '../../scalers/scaler.ts';
import type { Fault, ImportError } from '../import-error.ts';
import { describe, findEntry, type Instance, isKind, type PickleValue } from '../pickle/pickle-value.ts';
import type { ModelFile } from '../pickle/read-model-file.ts';
import { type Attributes, attributesOf } from './attributes.ts';
import { chain, concatenate, type Preparation, passThrough, UnsupportedPreparation } from './preparation.ts';
import { classifierReaders } from './read-classifier.ts';
import { readImputer } from './read-imputer.ts';
import { readClassNames, readFeatureNames } from './read-labels.ts';
import { scalerReaders } from './read-scaler.ts';

interface Metadata {
  readonly file: string;
  /** The name of the class; of a ColumnTransformer, with its branches. */
  readonly title: string;
  readonly versions: readonly string[];
  /** The number of columns that it takes. */
  readonly width: number;
  readonly featureNames: string[] | undefined;
}
export interface TransformerStep extends Metadata {
  readonly preparation: Preparation;
}
export interface ClassifierStep extends Metadata {
  readonly classifier: Classifier;
  readonly classNames: [string, string] | undefined;
}
export type Step = TransformerStep | ClassifierStep;

interface Reading {
  readonly fault: Fault;
  readonly file: string;
  /** How many more estimators may be read: a small file can contain the same one many times. */
  left: number;
}

const maxEstimators = 200;
const maxDepth = 20;

const onlyEstimators =
  'Dump the fitted classifier and the fitted scaler to separate files, or a Pipeline of both';

/** The steps in a file: one estimator, or the steps of a Pipeline and of Pipelines in it. */
export function readSteps({ value, fault }: ModelFile, file: string): Step[] {
  if (!isKind(value, 'instance')) {
    throw fault(`holds ${describe(value)}, expected an estimator`, { remedy: onlyEstimators });
  }
  return readEstimator(value, { fault, file, left: maxEstimators }, 0);
}

function readEstimator(instance: Instance, reading: Reading, depth: number): Step[] {
  const attributes = attributesOf(instance, reading.fault);
  reading.left--;
  if (depth > maxDepth || reading.left < 0) {
    throw attributes.fault('steps', 'too many estimators are in one another');
  }
  if (attributes.className !== 'Pipeline') return readStep(attributes, reading, depth);
  const steps = attributes.list('steps');
  if (steps.length > 100) throw attributes.fault('steps', `${steps.length} steps, expected at most 100`);
  return steps.flatMap((entry) => {
    const [name, step] = isKind(entry, 'tuple') ? entry.entries : [];
    if (step === null || step === 'passthrough') return [];
    if (isKind(step, 'instance')) return readEstimator(step, reading, depth + 1);
    throw attributes.fault('steps', `step ${describe(name)} is ${describe(step)}, expected an estimator`);
  });
}

function readStep(attributes: Attributes, reading: Reading, depth: number): Step[] {
  const { className } = attributes;
  if (className === 'FunctionTransformer') return readFunction(attributes);
  if (className === 'ColumnTransformer') return [readColumns(attributes, reading, depth)];
  const metadata = readMetadata(attributes, reading);
  const through = passThrough(metadata.width);
  if (className === 'SimpleImputer') {
    return [{ ...metadata, preparation: { ...through, imputer: readImputer(attributes) } }];
  }
  if (Object.hasOwn(scalerReaders, className)) {
    const scaler = checked(scalerSchema, attributes, scalerReaders[className](attributes));
    return [{ ...metadata, preparation: { ...through, scaler } }];
  }
  if (!Object.hasOwn(classifierReaders, className)) {
    const { offset } = attributes.instance;
    throw reading.fault(`${className} is neither a classifier nor a scaler`, {
      offset,
      remedy: onlyEstimators,
    });
  }
  const classNames = className === 'IsolationForest' ? undefined : readClassNames(attributes);
  const classifier = classifierReaders[className](attributes, reading.fault);
  return [{ ...metadata, classNames, classifier: checked(classifierSchema, attributes, classifier) }];
}

function readMetadata(attributes: Attributes, { file }: Reading): Metadata {
  const width = attributes.featureCount();
  const featureNames = readFeatureNames(attributes, width);
  return { file, title: attributes.className, versions: [readVersion(attributes)], width, featureNames };
}

/** Without a function, it passes its columns through. */
function readFunction(attributes: Attributes): [] {
  const called = attributes.get('func');
  if (called === null) return [];
  const remedy = 'Fit the model without it, on readings to which the function has been applied';
  throw attributes.fault('func', `${describe(called)}: a function is not supported`, remedy);
}

/** `ColumnTransformer`: its branches side by side, each on some columns, in the order of `transformers_`. */
function readColumns(attributes: Attributes, reading: Reading, depth: number): TransformerStep {
  const metadata = readMetadata(attributes, reading);
  if (attributes.get('transformer_weights') !== null) {
    throw attributes.fault('transformer_weights', 'weights are not supported', 'Fit it without weights');
  }
  const titles: string[] = [];
  const versions = [...metadata.versions];
  const parts = attributes.list('transformers_').flatMap((entry): Preparation[] => {
    const [name, branch] = isKind(entry, 'tuple') ? entry.entries : [];
    const columns = readIndices(attributes, name, metadata.width);
    if (branch === 'drop' || columns.length === 0) return [];
    const chosen: Preparation = { ...passThrough(0), columns, scaler: { kind: 'none' } };
    if (branch === 'passthrough') return [chosen];
    if (!isKind(branch, 'instance'))
      throw attributes.fault('transformers_', `${describe(branch)} is not a transformer`);
    const steps = readEstimator(branch, reading, depth + 1);
    titles.push(...steps.map(({ title }) => title));
    versions.push(...steps.flatMap((step) => step.versions));
    return [chainSteps(chosen, steps, (...fault) => attributes.fault('transformers_', ...fault))];
  });
  const preparation = combine(
    () => concatenate(parts),
    (problem, remedy) =>
      attributes.fault('transformers_', `${problem} in branches side by side is not supported`, remedy),
  );
  const title = `ColumnTransformer(${titles.join(' → ')})`;
  return { ...metadata, title, versions, preparation };
}

type ToError = (problem: string, remedy: string) => ImportError;

/** Applies the steps after a preparation. */
export function chainSteps(start: Preparation, steps: readonly Step[], toError: ToError): Preparation {
  return steps.reduce((before, step) => {
    if (!('preparation' in step))
      throw toError(`${step.title} is a classifier`, 'Fit the model with one classifier, as the last step');
    if (step.width !== before.columns.length) {
      const problem = `${step.title} expects ${step.width} features, but gets ${before.columns.length}`;
      throw toError(problem, 'Use the transformers that the classifier was fitted with');
    }
    return combine(
      () => chain(before, step.preparation),
      (problem, remedy) => toError(`${step.title} is ${problem}`, remedy),
    );
  }, start);
}

function combine(make: () => Preparation, toError: ToError): Preparation {
  try {
    return make();
  } catch (error) {
    throw error instanceof UnsupportedPreparation ? toError(error.message, error.remedy) : error;
  }
}

/** The columns of a branch, as numbers, however they were chosen. */
function readIndices(attributes: Attributes, name: PickleValue | undefined, width: number): number[] {
  const all = attributes.get('_transformer_to_input_indices');
  const indices = isKind(all, 'dict') && typeof name === 'string' ? findEntry(all, name) : undefined;
  const entries = isKind(indices, 'list') ? indices.entries : undefined;
  const isColumn = (entry: PickleValue): entry is number =>
    typeof entry === 'number' && Number.isInteger(entry) && entry >= 0 && entry < width;
  if (entries?.every(isColumn)) return [...entries];
  throw attributes.fault('_transformer_to_input_indices', `expected columns of the branch ${describe(name)}`);
}

/** Validates a part against the schema of the artifact. */
function checked<Part>(schema: z.ZodType<Part>, attributes: Attributes, part: Part): Part {
  const parsed = schema.safeParse(part);
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw attributes.fault(path.join('.'), message, 'Dump the fitted estimator again');
}

function readVersion(attributes: Attributes): string {
  const version: PickleValue | undefined = attributes.get('_sklearn_version');
  const [, minor] = typeof version === 'string' ? (/^1\.(\d{1,3})\.[\w.+]{1,20}$/.exec(version) ?? []) : [];
  if (typeof version === 'string' && minor !== undefined) return version;
  const remedy = 'Load the model with scikit-learn 1.0 to 1.9, and dump it again';
  throw attributes.fault('_sklearn_version', `${describe(version)}, expected 1.0 to 1.9`, remedy);
}
