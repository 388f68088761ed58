import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Artifact } from '../artifact/artifact-schema.ts';
import { sensorFeatureNames } from '../dataset/sensor-features.ts';
import { backgroundOf, loadBackground, referenceRowsOf } from './choose-background.ts';
import { chooseClasses, type OrientedClassifier } from './choose-classes.ts';
import { chooseFeatures } from './choose-features.ts';
import { ImportError } from './import-error.ts';
import type { ImportedParts } from './imported-parts.ts';
import { importOnnx } from './onnx/import-onnx.ts';
import { verificationTolerance, verifyOnnx } from './onnx/verify-onnx.ts';
import { type Agreement, checkAgreement, exactTolerance, loadReferenceVectors } from './reference-vectors.ts';
import { type InputFile, importSklearn } from './sklearn/import-sklearn.ts';
import { createDraft, type Draft, toImportedArtifact } from './to-imported-artifact.ts';

const maxFileBytes = 512 * 2 ** 20;
const newestTestedMinor = 9;

export interface ImportRequest {
  /** Paths of pickle or joblib files, or of one ONNX file. */
  readonly paths: readonly string[];
  readonly format: 'scikit-learn' | 'onnx';
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
  const parts = await readParts(request, files);
  const features = chooseFeatures(parts, { names: request.features, units: request.units }, source);
  const oriented = chooseClasses(parts, request.classes, source);
  const draft = createDraft(parts, { features, oriented }, source);
  const background = await chooseBackground(draft, request);
  const { agreement, referenceRows } = await compare(draft, { request, files, background });
  const artifact = toImportedArtifact(draft, {
    format: request.format,
    files: toRecord(files),
    agreement,
    background,
    referenceRows,
  });
  return { artifact, isSwapped: oriented.isSwapped };
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

async function chooseBackground(
  { features, oriented, parts }: Draft,
  request: ImportRequest,
): Promise<number[][]> {
  const names = features.map(({ name }) => name);
  if (request.background !== undefined) return loadBackground(request.background, names);
  const isOurs =
    names.length === sensorFeatureNames.length && names.every((name, j) => name === sensorFeatureNames[j]);
  if (isOurs) return loadBackground(request.sensorReadings, names);
  return backgroundOf({ scaler: parts.scaler, classifier: oriented.classifier });
}

interface Comparison {
  readonly request: ImportRequest;
  readonly files: readonly InputFile[];
  readonly background: number[][];
}

/**
 * Compares with the given reference vectors. Without them, an ONNX model is compared with its own runtime,
 * and a pickle with nothing.
 */
async function compare(
  { pipeline, oriented, parts, features }: Draft,
  { request, files, background }: Comparison,
): Promise<{ agreement: Agreement | undefined; referenceRows: number[][] }> {
  if (request.reference !== undefined) {
    const vectors = await loadReferenceVectors(request.reference);
    const tolerance = request.format === 'onnx' ? verificationTolerance(oriented.classifier) : exactTolerance;
    const agreement = checkAgreement(pipeline, vectors, { tolerance, labels: toLabels(parts, oriented) });
    return { agreement, referenceRows: vectors.rows };
  }
  const referenceRows = referenceRowsOf(parts.scaler, { background, width: features.length });
  if (request.format !== 'onnx') return { agreement: undefined, referenceRows };
  return { agreement: await verifyOnnx(files[0].bytes, files[0].name, referenceRows), referenceRows };
}

const plainLabels = [
  ['0', 'false'],
  ['1', 'true'],
];

/**
 * How reference vectors may write a prediction of each label: the class name in the artifact, the name in the
 * file, or its number where that is unambiguous.
 */
function toLabels(
  { classNames: own }: ImportedParts,
  { classNames, isSwapped }: OrientedClassifier,
): string[][] {
  const isClear = !own?.some((name) => name === '0' || name === '1');
  return classNames.map((name, label) => [
    name,
    ...(own ? [own[isSwapped ? 1 - label : label]] : []),
    ...(isClear ? plainLabels[label] : []),
  ]);
}

/** Sorted by name, so that the same files give the same artifact. */
function toRecord(files: readonly InputFile[]): { name: string; sha256: string }[] {
  return files
    .map(({ name, bytes }) => ({
      name: basename(name),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
