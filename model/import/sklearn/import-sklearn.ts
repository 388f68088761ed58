import type { z } from 'zod';
import { type Classifier, classifierSchema } from '../../classifiers/families.ts';
import { type Scaler, scalerSchema } from '../../scalers/scaler.ts';
import { type Fault, ImportError } from '../import-error.ts';
import type { ImportedParts } from '../imported-parts.ts';
import { describe, type Instance, isKind, type PickleValue } from '../pickle/pickle-value.ts';
import { type ModelFile, readModelFile } from '../pickle/read-model-file.ts';
import { type Attributes, attributesOf } from './attributes.ts';
import { classifierReaders } from './read-classifier.ts';
import { readClassNames, readFeatureNames } from './read-labels.ts';
import { scalerReaders } from './read-scaler.ts';

export interface InputFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/**
 * Reads a classifier and at most one scaler from pickle or joblib files of scikit-learn, in any order, alone
 * or in a Pipeline. Without a scaler, the classifier gets unscaled features.
 *
 * @throws ImportError when a file cannot be read, or the files do not contain one classifier
 */
export async function importSklearn(files: readonly InputFile[]): Promise<ImportedParts> {
  const steps: Step[] = [];
  for (const { name, bytes } of files) steps.push(...readSteps(await readModelFile(bytes, name), name));
  const { scaler, classifier } = chooseSteps(steps, files);
  checkWidths(scaler, classifier);
  const featureNames = commonNames(scaler, classifier);
  const versions = new Set([scaler, classifier].flatMap((step) => step?.version ?? []));
  return {
    scaler: scaler?.scaler ?? { kind: 'none' },
    classifier: classifier.classifier,
    ...(classifier.classNames && { classNames: classifier.classNames }),
    ...(featureNames && { featureNames }),
    featureCount: classifier.featureCount,
    estimator: scaler ? `${scaler.className} → ${classifier.className}` : classifier.className,
    version: [...versions].join(', '),
  };
}

function chooseSteps(steps: readonly Step[], files: readonly InputFile[]) {
  const [classifier, ...otherClassifiers] = steps.filter((step) => 'classifier' in step);
  const [scaler, ...otherScalers] = steps.filter((step) => 'scaler' in step);
  if (classifier && otherClassifiers.length === 0 && otherScalers.length === 0) return { scaler, classifier };
  const held = steps.map(({ className, file }) => `${className} (${file})`).join(', ') || 'nothing';
  throw new ImportError(files.map(({ name }) => name).join(', '), {
    problem: `found ${held}, expected one classifier and at most one scaler`,
    remedy: 'Name the files of the classifier and of its scaler, or one file with a Pipeline of both',
  });
}

function checkWidths(scaler: Metadata | undefined, classifier: Metadata): void {
  if (!scaler || scaler.featureCount === classifier.featureCount) return;
  throw new ImportError(classifier.file, {
    problem:
      `${classifier.className} expects ${classifier.featureCount} features, ` +
      `but ${scaler.className} in ${scaler.file} has ${scaler.featureCount}`,
    remedy: 'Use the scaler that the classifier was fitted with',
  });
}

/** A scaler returns arrays without column names, so usually only the first step has names. */
function commonNames(scaler: Metadata | undefined, classifier: Metadata): string[] | undefined {
  const [first, second] = [scaler?.featureNames, classifier.featureNames];
  if (first && second && first.some((name, i) => name !== second[i])) {
    throw new ImportError(classifier.file, {
      problem: `the scaler was fitted on ${first.join(', ')}, but the classifier on ${second.join(', ')}`,
      remedy: 'Fit both on the same columns in the same order',
    });
  }
  return first ?? second;
}

interface Metadata {
  readonly file: string;
  readonly className: string;
  readonly version: string;
  readonly featureCount: number;
  readonly featureNames: string[] | undefined;
}
interface ScalerStep extends Metadata {
  readonly scaler: Scaler;
}
interface ClassifierStep extends Metadata {
  readonly classifier: Classifier;
  readonly classNames: [string, string] | undefined;
}
type Step = ScalerStep | ClassifierStep;

const onlyEstimators =
  'Dump the fitted classifier and the fitted scaler to separate files, or a Pipeline of both';

const pipelineName = 'sklearn.pipeline.Pipeline';

/** The steps in a file: one estimator, or the steps of a Pipeline except those that pass through. */
function readSteps({ value, fault }: ModelFile, file: string): Step[] {
  if (!isKind(value, 'instance')) {
    throw fault(`holds ${describe(value)}, expected an estimator`, { remedy: onlyEstimators });
  }
  if (value.name !== pipelineName) return [readStep(value, { fault, file })];
  const pipeline = attributesOf(value, fault);
  const steps = pipeline.get('steps');
  if (!isKind(steps, 'list') || steps.entries.length > 100) {
    throw pipeline.fault('steps', `${describe(steps)}, expected a list`);
  }
  return steps.entries.flatMap((entry) => {
    const [name, step] = isKind(entry, 'tuple') ? entry.entries : [];
    if (step === null || step === 'passthrough') return [];
    if (isKind(step, 'instance') && step.name !== pipelineName) return [readStep(step, { fault, file })];
    throw pipeline.fault(
      'steps',
      `step ${describe(name)} is ${describe(step)}, expected a scaler or a classifier`,
    );
  });
}

function readStep(instance: Instance, { fault, file }: { fault: Fault; file: string }): Step {
  const attributes = attributesOf(instance, fault);
  const { className } = attributes;
  const featureCount = attributes.featureCount();
  const metadata = {
    file,
    className,
    version: readVersion(attributes),
    featureCount,
    featureNames: readFeatureNames(attributes, featureCount),
  };
  if (Object.hasOwn(scalerReaders, className)) {
    return { ...metadata, scaler: checked(scalerSchema, attributes, scalerReaders[className](attributes)) };
  }
  if (!Object.hasOwn(classifierReaders, className)) {
    throw fault(`${className} is neither a classifier nor a scaler`, {
      offset: instance.offset,
      remedy: onlyEstimators,
    });
  }
  const classNames = readClassNames(attributes);
  const classifier = classifierReaders[className](attributes, fault);
  return { ...metadata, classNames, classifier: checked(classifierSchema, attributes, classifier) };
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
