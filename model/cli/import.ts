import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Artifact } from '../artifact/artifact-schema.ts';
import { parseArtifact } from '../artifact/load-artifact.ts';
import { serializeArtifact } from '../artifact/seal-artifact.ts';
import { quoteForShell } from '../import/flag-value.ts';
import { ImportError } from '../import/import-error.ts';
import { type ImportedModel, importModel } from '../import/import-model.ts';
import { escapeControls } from '../table/escape-controls.ts';
import { defaultType, describeActivation, type FoundType, findType, parseTypeName } from './find-type.ts';
import { listEarlierImports } from './list-earlier-imports.ts';
import { parseNames } from './parse-flag.ts';
import { loadEnvironment, readSettings } from './settings.ts';
import { writeFiles } from './write-files.ts';
import './plain-faults.ts';

const usage = `npm run model:import -- best_model.pkl scaler.pkl [flags]

Converts a fitted scikit-learn classifier (1.0 to 1.9) to an artifact. Reads pickle and joblib files, compressed or not.
The scaler, if any, is in a second file or in the same Pipeline. No code in the files is executed.

  --type name           the sensor type whose readings the model scores             climate
  --features a,b,c      feature names, in the order of the model's columns
                        the names in the file, else those of the type, in its order
  --units u,v,w         one unit per feature; may be empty                 those of the default sensor type
  --classes n,a         class names, the normal class first; required where the names in the file do not say
                        which class is the anomaly
  --reference file      JSON with rows and the original model's scores to compare with (see docs/importing.md)
  --background file     CSV with readings that scores are explained against
                        model/data/dataset.csv if its columns match
  --onnx file           an ONNX model instead of pickles
  --out folder|x.json   output folder or file. In a folder, an import of the same files replaces the earlier one
                        MODEL_DIR; else model/artifacts
  --api-url url         API that knows the type, and in the printed commands        http://localhost:API_PORT
  --json                print the result as JSON
  --help                print this help
`;

const folder = join(import.meta.dirname, '..');

const options = {
  type: { type: 'string', default: defaultType },
  'api-url': { type: 'string' },
  features: { type: 'string' },
  units: { type: 'string' },
  classes: { type: 'string' },
  reference: { type: 'string' },
  background: { type: 'string' },
  onnx: { type: 'string' },
  out: { type: 'string' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.help) return console.log(usage);
  const isOnnx = values.onnx !== undefined;
  if (isOnnx && positionals.length > 0) {
    throw new Error(`--onnx takes no further files: got ${positionals.join(', ')}`);
  }
  if (!isOnnx && positionals.length === 0) throw new Error('expected a model file');
  const settings = readSettings(process.env);
  const { 'api-url': apiUrl = settings.apiUrl, out = settings.modelDirectory } = values;
  const type = parseTypeName(values.type);
  const found = await findType(type, apiUrl);
  const imported = await importModel({
    type: { name: type, features: found.state === 'known' ? found.features : undefined },
    paths: values.onnx === undefined ? positionals : [values.onnx],
    format: isOnnx ? 'onnx' : 'scikit-learn',
    features: parseNames(values.features),
    units: parseNames(values.units),
    classes: toClasses(values.classes),
    reference: values.reference,
    background: values.background,
    sensorReadings: join(folder, 'data/dataset.csv'),
  });
  const { path, replaced } = await store(imported.artifact, out);
  const isServed = resolve(dirname(path)) === settings.modelDirectory;
  const report = { path, replaced, isServed, type, found, apiUrl };
  console.log(values.json ? toJson(imported, path) : toReport(imported, report));
}

function toClasses(list: string | undefined): [string, string] | undefined {
  const names = parseNames(list);
  if (names === undefined) return undefined;
  const [normal = '', anomaly = ''] = names;
  if (names.length === 2 && normal !== '' && anomaly !== '' && normal !== anomaly) return [normal, anomaly];
  throw new Error(`--classes "${list}": expected two names, the normal class first`);
}

/**
 * Stores the artifact, parsed again as the API will, so that no unusable artifact is stored.
 *
 * @returns its path, and the names of the artifacts that it replaced
 */
async function store(artifact: Artifact, out: string) {
  const isFile = out.endsWith('.json');
  const path = isFile ? out : join(out, `${artifact.name}.json`);
  const text = serializeArtifact(artifact);
  parseArtifact(text, path);
  await mkdir(dirname(path), { recursive: true });
  await writeFiles([{ path, text }]);
  const replaced = isFile ? [] : await listEarlierImports(artifact, out);
  for (const name of replaced) await rm(join(out, `${name}.json`));
  return { path, replaced };
}

function toJson(
  { artifact: { name, sha256, features, class_names, threshold, origin } }: ImportedModel,
  path: string,
) {
  return JSON.stringify({ name, file: path, sha256, features, class_names, threshold, origin });
}

interface ReportOptions {
  path: string;
  replaced: readonly string[];
  /** Whether the artifact is in the folder that the settings of the API name. */
  isServed: boolean;
  type: string;
  found: FoundType;
  apiUrl: string;
}

const remarks = {
  known: '',
  absent: ' (new: the activation makes it)',
  unreachable: ' (not compared with the features of the type, because the API does not answer)',
};

const bruteForce = [
  '  ties        of equally distant neighbors, the first in the training data are taken; with algorithm="brute",',
  '              the choice of scikit-learn depends on its number of threads. If readings often have ties, fit the',
  '              model with algorithm="kd_tree": the same neighbors are then taken everywhere',
].join('\n');

function toReport(
  { artifact, isSwapped, areNamesAssumed, tied }: ImportedModel,
  options: ReportOptions,
): string {
  const { path, replaced, isServed, type, found, apiUrl } = options;
  const { name, features, origin, background, classifier } = artifact;
  if (origin.kind !== 'imported') throw new Error('expected an imported model');
  const { estimator, version, format, agreement } = origin;
  const isBrute = classifier.family === 'k-nearest-neighbors' && classifier.algorithm === 'brute';
  const columns = features.map((feature) =>
    feature.unit ? `${feature.name} [${feature.unit}]` : feature.name,
  );
  const comparison = agreement
    ? `${agreement.vectors} reference vectors, largest difference ${agreement.max_difference}`
    : 'not compared: use --reference to verify the scores (docs/importing.md)';
  return [
    `read ${estimator}, ${format} ${version}`,
    ...(artifact.scaler.kind === 'none' ? ['  scaler      none: the classifier gets unscaled readings'] : []),
    `  type        ${type}${remarks[found.state]}`,
    `  features    ${columns.join(', ')}${areNamesAssumed ? ' (the file does not name them: those of the type, in its order; --features gives others)' : ''}`,
    `  classes     ${describeClasses(artifact)}${isSwapped ? ' (swapped: the file has the opposite order)' : ''}`,
    `  agreement   ${comparison}`,
    ...(tied > 0
      ? [`              ${tied} more have tied neighbors, and one of the scores that are possible then`]
      : []),
    ...(isBrute ? [bruteForce] : []),
    `  background  ${background.length} rows to explain scores against`,
    `stored ${name} in ${escapeControls(relative(process.cwd(), path))}`,
    ...replaced.map((name) => `replaced ${name}, an earlier import of the same files`),
    ...(isServed
      ? []
      : [
          `To serve it, start the API with MODEL_DIR=${escapeControls(quoteForShell(dirname(resolve(path))))}, or copy the file to its MODEL_DIR.`,
        ]),
    ...describeActivation(artifact, apiUrl),
    ...(type === defaultType
      ? [`Or at startup:     MODEL_NAME=${escapeControls(quoteForShell(basename(path, '.json')))} npm start`]
      : []),
  ].join('\n');
}

/** `anomaly = "fault", normal = "ok"` */
function describeClasses({ class_names, origin }: Artifact): string {
  const own = (origin.kind === 'imported' ? origin.classes : undefined) ?? class_names;
  const shown = class_names.map((name, label) => {
    const alias = name === own[label] ? '' : `, named "${name}"`;
    return `${['normal', 'anomaly'][label]} = "${own[label]}"${alias}`;
  });
  return shown.toReversed().join('; ');
}

loadEnvironment();
main().catch((error: Error) => {
  const message = escapeControls(error.message);
  console.error(error instanceof ImportError ? message : `${message}\nSee --help.`);
  process.exitCode = 1;
});
