import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Artifact } from '../artifact/artifact-schema.ts';
import { sensorFeatureNames } from '../dataset/sensor-features.ts';
import { backgroundOf, loadBackground, referenceRowsOf } from './choose-background.ts';
import { chooseClasses, type Oriented } from './choose-classes.ts';
import { chooseFeatures } from './choose-features.ts';
import { ImportError } from './import-error.ts';
import type { ImportedParts } from './imported-parts.ts';
import { importOnnx } from './onnx/import-onnx.ts';
import { judgeOnnx, judgeTolerance } from './onnx/judge-onnx.ts';
import { type Agreement, checkAgreement, exactTolerance, loadReferenceVectors } from './reference-vectors.ts';
import { type InputFile, importSklearn } from './sklearn/import-sklearn.ts';
import { createDraft, type Draft, toImportedArtifact } from './to-imported-artifact.ts';

const maxFileBytes = 512 * 2 ** 20;
const newestMinorChecked = 9;

export interface ImportRequest {
  /** Paths of pickles or joblib files, or of one ONNX file. */
  readonly paths: readonly string[];
  readonly format: 'scikit-learn' | 'onnx';
  readonly features?: readonly string[] | undefined;
  readonly units?: readonly string[] | undefined;
  /** The normal class first. */
  readonly classes?: readonly [string, string] | undefined;
  /** Path of reference vectors. */
  readonly reference?: string | undefined;
  /** Path of readings to explain scores with. */
  readonly background?: string | undefined;
  /** Path of readings of the project's own sensors, used where the features are theirs. */
  readonly sensorReadings: string;
}

export interface ImportedModel {
  readonly artifact: Artifact;
  readonly isSwapped: boolean;
}

/**
 * Files of another library as an artifact of this project, checked against reference vectors where there are some.
 *
 * @throws ImportError, and DatasetError for a background that is no CSV
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
  const remedy = 'Name a file that pickle.dump, joblib.dump or an ONNX exporter wrote';
  try {
    const found = await stat(path);
    if (!found.isFile()) throw new ImportError(path, { problem: 'is not a file', remedy });
    if (found.size > maxFileBytes) {
      throw new ImportError(path, {
        problem: `has ${found.size} bytes, at most ${maxFileBytes} are read`,
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
    .some((version) => Number(version.split('.')[1]) > newestMinorChecked);
  if (!isNewer || reference !== undefined) return parts;
  throw new ImportError(files.map(({ name }) => name).join(', '), {
    problem: `dumped by scikit-learn ${parts.version}, newer than 1.${newestMinorChecked}, up to which the import is tested`,
    remedy: 'Give --reference, so that its scores are compared',
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

/** With the vectors given; else an ONNX model is run itself, and nothing is known of a pickle. */
async function compare(
  { pipeline, oriented, parts, features }: Draft,
  { request, files, background }: Comparison,
): Promise<{ agreement: Agreement | undefined; referenceRows: number[][] }> {
  if (request.reference !== undefined) {
    const vectors = await loadReferenceVectors(request.reference);
    const tolerance = request.format === 'onnx' ? judgeTolerance(oriented.classifier) : exactTolerance;
    const agreement = checkAgreement(pipeline, vectors, { tolerance, labels: toLabels(parts, oriented) });
    return { agreement, referenceRows: vectors.rows };
  }
  const referenceRows = referenceRowsOf(parts.scaler, { background, width: features.length });
  if (request.format !== 'onnx') return { agreement: undefined, referenceRows };
  return { agreement: await judgeOnnx(files[0].bytes, files[0].name, referenceRows), referenceRows };
}

const plainLabels = [
  ['0', 'false'],
  ['1', 'true'],
];

/** What a prediction of each label may be called: as it is now, as the model has it, and by number if that is clear. */
function toLabels({ classNames: own }: ImportedParts, { classNames, isSwapped }: Oriented): string[][] {
  const isClear = !own?.some((name) => name === '0' || name === '1');
  return classNames.map((name, label) => [
    name,
    ...(own ? [own[isSwapped ? 1 - label : label]] : []),
    ...(isClear ? plainLabels[label] : []),
  ]);
}

/** In one order, so that the same files make the same artifact. */
function toRecord(files: readonly InputFile[]): { name: string; sha256: string }[] {
  return files
    .map(({ name, bytes }) => ({
      name: basename(name),
      sha256: createHash('sha256').update(bytes).digest('hex'),
    }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}
