import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Artifact } from '../artifact/artifact-schema.ts';
import { sealArtifact } from '../artifact/seal-artifact.ts';
import { type Classifier, type Family, featureFaults } from '../classifiers/families.ts';
import { sensorFeatureNames } from '../dataset/sensor-features.ts';
import { createPipeline, type Pipeline } from '../pipeline.ts';
import type { Scaler } from '../scalers/scaler.ts';
import { escapeControls } from '../table/escape-controls.ts';
import { backgroundOf, loadBackground, referenceRowsOf } from './choose-background.ts';
import { chooseClasses, toLabels } from './choose-classes.ts';
import { chooseFeatures, defaultTypeName, type ImportType } from './choose-features.ts';
import { ImportError } from './import-error.ts';
import type { ImportedParts } from './imported-parts.ts';
import { importOnnx } from './onnx/import-onnx.ts';
import { verificationTolerance, verifyOnnx } from './onnx/verify-onnx.ts';
import {
  type Agreement,
  checkAgreement,
  exactTolerance,
  loadReferenceVectors,
  type ReferenceVectors,
} from './reference-vectors.ts';
import { type InputFile, importSklearn } from './sklearn/import-sklearn.ts';
import { createTieRange } from './tie-range.ts';

const maxFileBytes = 512 * 2 ** 20;
const newestTestedMinor = 9;

/** NumPy and libsvm add the products of these in an order that depends on the processor. */
const sumsInAnyOrder: ReadonlySet<Family> = new Set([
  'logistic-regression',
  'support-vector-machine',
  'neural-network',
]);

export interface ImportRequest {
  /** Paths of pickle or joblib files, or of one ONNX file. */
  readonly paths: readonly string[];
  readonly format: 'scikit-learn' | 'onnx';
  /** The sensor type; by default the one of artifacts that name none, which is not compared with the model. */
  readonly type?: ImportType | undefined;
  readonly features?: readonly string[] | undefined;
  readonly units?: readonly string[] | undefined;
  /** Class names, the normal class first. */
  readonly classes?: readonly [string, string] | undefined;
  /** Path of reference vectors. */
  readonly reference?: string | undefined;
  /** Path of a CSV file with readings that scores are explained against. */
  readonly background?: string | undefined;
  /** Path of readings of the default sensor type, used as background where the features are the same. */
  readonly sensorReadings: string;
}

export interface ImportedModel {
  readonly artifact: Artifact;
  readonly isSwapped: boolean;
  /** Whether the features are those of the type, in its order, because nothing names the columns of the model. */
  readonly areNamesAssumed: boolean;
  /** How many reference vectors have tied neighbors and one of the possible scores. */
  readonly tied: number;
}

/**
 * Converts a model of another library to an artifact, and compares it with reference vectors if there are
 * any.
 *
 * @throws ImportError when a file cannot be imported
 * @throws DatasetError when the background is not CSV
 */
export async function importModel(request: ImportRequest): Promise<ImportedModel> {
  const files = await Promise.all(request.paths.map(readInput));
  const source = files.map(({ name }) => name).join(', ');
  const parts = withSafeNames(await readParts(request, files));
  const { type = { name: defaultTypeName, features: undefined } } = request;
  const names = pickInputs(request.features, parts);
  const features = chooseFeatures(parts, { type, names, units: request.units }, source);
  const oriented = chooseClasses(parts, request.classes, source);
  const { imputer, scaler } = parts;
  const { classifier, classNames, threshold, isSwapped } = oriented;
  checkFeatures(classifier, features.length, source);
  const pipeline = createPipeline({ name: 'imported', features, imputer, scaler, classifier, threshold });
  const background = await chooseBackground(request, { scaler, classifier, features: pipeline.featureNames });
  const vectors = request.reference === undefined ? undefined : await loadVectors(request.reference, parts);
  const ownRows = referenceRowsOf(scaler, { background, width: features.length });
  const withoutValues = pipeline.acceptsMissing ? [features.map(() => null)] : [];
  const referenceRows = vectors?.rows ?? [...ownRows, ...withoutValues];
  const { agreement, tied } = vectors
    ? checkAgreement(pipeline, vectors, {
        tolerance: request.format === 'onnx' ? verificationTolerance(classifier) : exactTolerance,
        labels: toLabels(oriented),
        openMargin: sumsInAnyOrder.has(classifier.family) ? 1e-12 : 0,
        toRange: createTieRange({ imputer, scaler, classifier }),
        isSwapped,
      })
    : { agreement: await verifyWithRuntime(request, files, ownRows), tied: 0 };
  const artifact = sealArtifact({
    format: { id: 'sensor-sentinel-pipeline', version: 2 },
    type: type.name === defaultTypeName ? undefined : type.name,
    features,
    class_names: classNames,
    imputer,
    scaler,
    classifier,
    threshold,
    background,
    origin: {
      kind: 'imported',
      format: request.format,
      version: parts.version,
      estimator: parts.estimator,
      classes: oriented.ownNames,
      files: toRecord(files),
      ...(agreement && { agreement }),
    },
    reference: { rows: referenceRows, scores: referenceRows.map((row) => scoreRow(pipeline, row)) },
  });
  const areNamesAssumed = request.features === undefined && parts.featureNames === undefined;
  return { artifact, isSwapped, areNamesAssumed, tied };
}

async function readInput(path: string): Promise<InputFile> {
  const remedy = 'Use a file written by pickle.dump, joblib.dump or an ONNX exporter';
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new ImportError(path, { problem: 'is not a file', remedy });
    if (found.size > maxFileBytes) {
      throw new ImportError(path, {
        problem: `has ${found.size} bytes, more than the limit of ${maxFileBytes}`,
        remedy,
      });
    }
    return { name: path, bytes: await readFile(path) };
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause)) throw cause;
    throw new ImportError(path, { problem: `cannot be read: ${cause.message}`, remedy, cause });
  }
}

async function readParts(
  { format, reference }: ImportRequest,
  files: readonly InputFile[],
): Promise<ImportedParts> {
  if (format === 'onnx') return importOnnx(files[0].bytes, files[0].name);
  const parts = await importSklearn(files);
  const isNewer = parts.version
    .split(', ')
    .some((version) => Number(version.split('.')[1]) > newestTestedMinor);
  if (!isNewer || reference !== undefined) return parts;
  throw new ImportError(files.map(({ name }) => name).join(', '), {
    problem: `written by scikit-learn ${parts.version}; the import is tested up to 1.${newestTestedMinor}`,
    remedy: 'Use --reference to compare its scores',
  });
}

/** Names can contain any character. Those that a terminal or a page acts on are stored as escape sequences. */
function withSafeNames({ classNames, featureNames, ...parts }: ImportedParts): ImportedParts {
  const [first, second] = classNames?.map(escapeControls) ?? [];
  return {
    ...parts,
    ...(first !== undefined && second !== undefined && { classNames: [first, second] }),
    ...(featureNames && { featureNames: featureNames.map(escapeControls) }),
  };
}

function checkFeatures(classifier: Classifier, count: number, source: string): void {
  const [fault] = featureFaults(classifier, count);
  if (fault === undefined) return;
  throw new ImportError(source, {
    problem: `the classifier does not fit ${count} features: ${fault.path.join('.')}: ${fault.message}`,
    remedy: 'Use --features with one name per column that the model was fitted on',
  });
}

async function chooseBackground(
  { background, sensorReadings }: ImportRequest,
  { features, ...parts }: { scaler: Scaler; classifier: Classifier; features: readonly string[] },
): Promise<number[][]> {
  if (background !== undefined) return loadBackground(background, features);
  const isOurs =
    features.length === sensorFeatureNames.length &&
    features.every((name, j) => name === sensorFeatureNames[j]);
  return isOurs ? loadBackground(sensorReadings, features) : backgroundOf(parts);
}

/** Without reference vectors, an ONNX model is compared with its own runtime, and a pickle with nothing. */
async function verifyWithRuntime(
  { format }: ImportRequest,
  [file]: readonly InputFile[],
  rows: readonly number[][],
): Promise<Agreement | undefined> {
  return format === 'onnx' ? verifyOnnx(file.bytes, file.name, rows) : undefined;
}

function scoreRow(pipeline: Pipeline, row: readonly (number | null)[]): number {
  try {
    return pipeline.score(row.map((value) => value ?? Number.NaN));
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new ImportError(`the row [${row.join(', ')}]`, {
      problem: `cannot be scored: ${cause.message}`,
      remedy: 'Use --background with readings like those that the model was fitted on',
      cause,
    });
  }
}

/** The entries of the columns that the classifier gets, if there is one entry per column of the file. */
function pickInputs<Entry>(
  entries: readonly Entry[] | undefined,
  { inputs }: ImportedParts,
): readonly Entry[] | undefined {
  if (entries === undefined || inputs?.count !== entries.length) return entries;
  return inputs.columns.map((column) => entries[column]);
}

async function loadVectors(path: string, parts: ImportedParts): Promise<ReferenceVectors> {
  const vectors = await loadReferenceVectors(path);
  return { ...vectors, rows: vectors.rows.map((row) => [...(pickInputs(row, parts) ?? row)]) };
}

/** Sorted by name, so that the same files give the same artifact. */
function toRecord(files: readonly InputFile[]): { name: string; sha256: string }[] {
  return files
    .map(({ name, bytes }) => ({
      name: escapeControls(basename(name)),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
