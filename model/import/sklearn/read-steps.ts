import type { Classifier } from '../../classifiers/classifier.ts';
import type { Scaler } from '../../scalers/scaler.ts';
import type { Fault } from '../import-error.ts';
import { describe, type Instance, isKind, type PickleValue } from '../pickle/pickle-value.ts';
import type { ModelFile } from '../read-model-file.ts';
import { type Attributes, attributesOf } from './attributes.ts';
import { classifierReaders } from './read-classifier.ts';
import { readClassNames, readFeatureNames } from './read-labels.ts';
import { scalerReaders } from './read-scaler.ts';

/** One scaler or classifier, with what it says about itself. */
export type Step = {
  readonly className: string;
  readonly version: string;
  readonly featureCount: number;
  readonly featureNames: string[] | undefined;
  readonly scaler?: Scaler;
  readonly classifier?: Classifier;
  readonly classNames?: [string, string] | undefined;
  readonly attributes: Attributes;
};

const onlyEstimators =
  'Dump the fitted classifier and the fitted scaler, each to a file of its own, or a Pipeline of both';

const pipelineName = 'sklearn.pipeline.Pipeline';

/** What a file holds: one estimator, or the steps of a Pipeline without those that do nothing. */
export function readSteps({ value, fault }: ModelFile): Step[] {
  if (!isKind(value, 'instance')) {
    throw fault(`holds ${describe(value)}, expected an estimator`, { remedy: onlyEstimators });
  }
  if (value.name !== pipelineName) return [readStep(value, fault)];
  const pipeline = attributesOf(value, fault);
  const steps = pipeline.get('steps');
  if (!isKind(steps, 'list') || steps.entries.length > 100) {
    throw pipeline.fault('steps', `${describe(steps)}, expected a list`);
  }
  return steps.entries.flatMap((entry) => {
    const [name, step] = isKind(entry, 'tuple') ? entry.entries : [];
    if (step === null || step === 'passthrough') return [];
    if (isKind(step, 'instance') && step.name !== pipelineName) return [readStep(step, fault)];
    throw pipeline.fault(
      'steps',
      `step ${describe(name)} is ${describe(step)}, expected a scaler or a classifier`,
    );
  });
}

function readStep(instance: Instance, fault: Fault): Step {
  const attributes = attributesOf(instance, fault);
  const { className } = attributes;
  const featureCount = attributes.featureCount();
  const common = {
    className,
    version: readVersion(attributes),
    featureCount,
    featureNames: readFeatureNames(attributes, featureCount),
    attributes,
  };
  if (Object.hasOwn(scalerReaders, className))
    return { ...common, scaler: scalerReaders[className](attributes) };
  if (!Object.hasOwn(classifierReaders, className)) {
    throw fault(`${className} stands alone`, { offset: instance.offset, remedy: onlyEstimators });
  }
  const classNames = readClassNames(attributes);
  return { ...common, classNames, classifier: classifierReaders[className](attributes, fault) };
}

function readVersion(attributes: Attributes): string {
  const version: PickleValue | undefined = attributes.get('_sklearn_version');
  const [, minor] = typeof version === 'string' ? (/^1\.(\d{1,3})\.[\w.+]{1,20}$/.exec(version) ?? []) : [];
  if (typeof version === 'string' && minor !== undefined) return version;
  const remedy = 'Load the model with scikit-learn 1.0 to 1.9, and dump it again';
  throw attributes.fault('_sklearn_version', `${describe(version)}, expected 1.0 to 1.9`, remedy);
}
