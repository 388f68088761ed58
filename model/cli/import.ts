import { mkdir } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import type { Artifact } from '../artifact/artifact-schema.ts';
import { parseArtifact } from '../artifact/load-artifact.ts';
import { serializeArtifact } from '../artifact/seal-artifact.ts';
import { ImportError } from '../import/import-error.ts';
import { type ImportedModel, importModel } from '../import/import-model.ts';

import { writeFiles } from './write-files.ts';

const usage = `npm run model:import -- best_model.pkl scaler.pkl [flags]

Makes an artifact of a classifier that was fitted and dumped with scikit-learn 1.0 to 1.9: pickle or joblib, compressed
or not, with a scaler in a file of its own, in one Pipeline, or without one. Nothing in the files is executed.

  --features a,b,c      names of the model's columns, in its order
                        what the model says, else temperature,humidity,sound_volume
  --units u,v,w         a unit for each; may be empty                      those of the project's sensors
  --classes n,a         names of the classes, the normal one first         what the model says
  --reference file      JSON with rows and the scores of the original: compared, and recorded (docs/importing.md)
  --background file     CSV with readings to explain scores with           model/data/dataset.csv if its columns match
  --onnx file           instead of pickles: a model in ONNX
  --out folder|x.json   where to store the artifact                        model/artifacts/<name>.json
  --json                print what was made as JSON only
  --help                this text
`;

const folder = join(import.meta.dirname, '..');

const options = {
  features: { type: 'string' },
  units: { type: 'string' },
  classes: { type: 'string' },
  reference: { type: 'string' },
  background: { type: 'string' },
  onnx: { type: 'string' },
  out: { type: 'string', default: join(folder, 'artifacts') },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({ allowPositionals: true, options });
  if (values.help) return console.log(usage);
  const isOnnx = values.onnx !== undefined;
  if (isOnnx && positionals.length > 0) {
    throw new Error(`--onnx names the only file, but ${positionals.join(', ')} is there too`);
  }
  if (!isOnnx && positionals.length === 0) throw new Error('expected the file of a classifier');
  const imported = await importModel({
    paths: values.onnx === undefined ? positionals : [values.onnx],
    format: isOnnx ? 'onnx' : 'scikit-learn',
    features: toNames(values.features),
    units: toNames(values.units),
    classes: toClasses(values.classes),
    reference: values.reference,
    background: values.background,
    sensorReadings: join(folder, 'data/dataset.csv'),
  });
  const path = await store(imported.artifact, values.out);
  console.log(values.json ? toJson(imported, path) : toReport(imported, path));
}

function toNames(list: string | undefined): string[] | undefined {
  return list?.split(',').map((name) => name.trim());
}

function toClasses(list: string | undefined): [string, string] | undefined {
  const names = toNames(list);
  if (names === undefined) return undefined;
  const [normal = '', anomaly = ''] = names;
  if (names.length === 2 && normal !== '' && anomaly !== '' && normal !== anomaly) return [normal, anomaly];
  throw new Error(`--classes "${list}": expected two names, the normal class first`);
}

/** Parses the text as the API will before it is written, so that no unusable artifact is stored. */
async function store(artifact: Artifact, out: string): Promise<string> {
  const path = out.endsWith('.json') ? out : join(out, `${artifact.name}.json`);
  const text = serializeArtifact(artifact);
  parseArtifact(text, path);
  await mkdir(dirname(path), { recursive: true });
  await writeFiles([{ path, text }]);
  return path;
}

function toJson(
  { artifact: { name, sha256, features, class_names, threshold, origin } }: ImportedModel,
  path: string,
) {
  return JSON.stringify({ name, file: path, sha256, features, class_names, threshold, origin });
}

function toReport({ artifact, isSwapped }: ImportedModel, path: string): string {
  const { name, features, class_names, origin, background } = artifact;
  if (origin.kind !== 'imported') throw new Error('expected an imported model');
  const { estimator, version, format, agreement } = origin;
  const columns = features.map((feature) =>
    feature.unit ? `${feature.name} [${feature.unit}]` : feature.name,
  );
  const proof = agreement
    ? `${agreement.vectors} reference vectors, largest difference ${agreement.max_difference}`
    : 'not compared: give --reference to prove that it scores as the original (docs/importing.md)';
  const isDefault = resolve(dirname(path)) === join(folder, 'artifacts');
  return [
    `read ${estimator}, ${format} ${version}`,
    ...(artifact.scaler.kind === 'none'
      ? ['  no scaler   it is given the readings as they are measured']
      : []),
    `  features    ${columns.join(', ')}`,
    `  classes     0 ${class_names[0]}, 1 ${class_names[1]}${isSwapped ? ' (exchanged: the file has them the other way)' : ''}`,
    `  agreement   ${proof}`,
    `  explained   against ${background.length} rows`,
    `stored ${name} in ${relative(process.cwd(), path)}`,
    ...(isDefault
      ? []
      : [`Start the API with MODEL_DIR=${dirname(resolve(path))}, or copy the file into its MODEL_DIR.`]),
    `Use it now:        curl -X POST http://localhost:5000/models/${name}/activate`,
    `or from the start: MODEL_NAME=${basename(path, '.json')} npm start`,
  ].join('\n');
}

main().catch((error: Error) => {
  console.error(error instanceof ImportError ? error.message : `${error.message}\nSee --help.`);
  process.exitCode = 1;
});
