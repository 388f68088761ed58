import { classifierSchema } from '../../classifiers/classifier.ts';
import { scalerSchema } from '../../scalers/scaler.ts';
import { ImportError } from '../import-error.ts';
import type { ImportedParts } from '../imported-parts.ts';
import { readModelFile } from '../read-model-file.ts';
import { readSteps, type Step } from './read-steps.ts';

export type InputFile = { readonly name: string; readonly bytes: Uint8Array };

type FoundStep = Step & { readonly file: string };

/**
 * The classifier and the scaler that pickles or joblib files of scikit-learn hold, in one file each or in one Pipeline,
 * in any order. Without a scaler the classifier sees the features as they are measured.
 *
 * @throws ImportError
 */
export async function importSklearn(files: readonly InputFile[]): Promise<ImportedParts> {
  const steps: FoundStep[] = [];
  for (const { name, bytes } of files) {
    const found = readSteps(await readModelFile(bytes, name));
    steps.push(...found.map((step) => ({ ...step, file: name })));
  }
  const { scaler, classifier } = chooseSteps(steps, files);
  checkWidths(scaler, classifier);
  const featureNames = commonNames(scaler, classifier);
  const versions = new Set([scaler, classifier].flatMap((step) => step?.version ?? []));
  return {
    scaler: scaler ? checked(scaler, () => scalerSchema.safeParse(scaler.scaler)) : { kind: 'none' },
    classifier: checked(classifier, () => classifierSchema.safeParse(classifier.classifier)),
    ...(classifier.classNames && { classNames: classifier.classNames }),
    ...(featureNames && { featureNames }),
    featureCount: classifier.featureCount,
    estimator: scaler ? `${scaler.className} → ${classifier.className}` : classifier.className,
    version: [...versions].join(', '),
  };
}

function chooseSteps(steps: readonly FoundStep[], files: readonly InputFile[]) {
  const [classifier, ...otherClassifiers] = steps.filter((step) => step.classifier);
  const [scaler, ...otherScalers] = steps.filter((step) => step.scaler);
  if (classifier && otherClassifiers.length === 0 && otherScalers.length === 0) return { scaler, classifier };
  const held = steps.map(({ className, file }) => `${className} (${file})`).join(', ') || 'nothing';
  throw new ImportError(files.map(({ name }) => name).join(', '), {
    problem: `found ${held}, expected one classifier and at most one scaler`,
    remedy: 'Name the file of the classifier and that of its scaler, or one file with a Pipeline of both',
  });
}

function checkWidths(scaler: FoundStep | undefined, classifier: FoundStep): void {
  if (!scaler || scaler.featureCount === classifier.featureCount) return;
  throw new ImportError(classifier.file, {
    problem:
      `${classifier.className} expects ${classifier.featureCount} features, ` +
      `but ${scaler.className} in ${scaler.file} scales ${scaler.featureCount}`,
    remedy: 'Give the scaler that the classifier was fitted with',
  });
}

/** A scaler hands on arrays without names, so that most often only one of both has them. */
function commonNames(scaler: FoundStep | undefined, classifier: FoundStep): string[] | undefined {
  const [first, second] = [scaler?.featureNames, classifier.featureNames];
  if (first && second && first.some((name, i) => name !== second[i])) {
    throw new ImportError(classifier.file, {
      problem: `the scaler's features are ${first.join(', ')}, but those of the classifier ${second.join(', ')}`,
      remedy: 'Fit both on the same columns in the same order',
    });
  }
  return first ?? second;
}

type Parsed<Part> =
  | { success: true; data: Part }
  | { success: false; error: { issues: { path: PropertyKey[]; message: string }[] } };

/** The part, once it has the shape that an artifact's part must have. */
function checked<Part>({ attributes }: FoundStep, parse: () => Parsed<Part>): Part {
  const parsed = parse();
  if (parsed.success) return parsed.data;
  const [{ path, message }] = parsed.error.issues;
  throw attributes.fault(path.join('.'), message, 'Dump the fitted estimator again');
}
