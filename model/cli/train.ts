import { mkdir } from 'node:fs/promises';
import { basename, join, relative } from 'node:path';
import { parseArtifact } from '../artifact/load-artifact.ts';
import { serializeArtifact } from '../artifact/seal-artifact.ts';
import { type LoadedDataset, loadDataset } from '../dataset/parse-dataset.ts';
import { baselineAccuracy, columns, describeClasses, describeFeatures } from '../report/comparison.ts';
import { createReport } from '../report/create-report.ts';
import { escapeLines } from '../table/escape-controls.ts';
import { matchNames } from '../table/headings.ts';
import { toTypeName } from '../table/type-name.ts';
import { type Training, trainModels } from '../training/train-models.ts';
import { areDefaultFeatures, defaultType, describeActivation, findType } from './find-type.ts';
import { loadEnvironment, readSettings } from './settings.ts';
import { parseTrainFlags, usage } from './train-flags.ts';
import { createTrainingProgress } from './training-progress.ts';
import { writeFiles } from './write-files.ts';

/** The artifact files, parsed again as the API will, so that no unusable artifact is stored. */
function toFiles(
  { models }: Training,
  { out, prefix }: { out: string; prefix: string },
): { path: string; text: string }[] {
  return models.map(({ family, artifact }) => {
    const path = join(out, `${prefix}${family}.json`);
    const text = serializeArtifact(artifact);
    parseArtifact(text, path);
    return { path, text };
  });
}

function toJson({ models, failures, winner }: Training, remarks: readonly string[]) {
  return {
    winner: winner.family,
    remarks,
    models: models.map(({ family, artifact: { name, sha256, origin }, fitSeconds, predictionMicros }) => {
      return { family, name, sha256, fit_seconds: fitSeconds, prediction_us: predictionMicros, origin };
    }),
    failures,
  };
}

/** The names of a known type that the names of columns mean. @throws Error naming those that the type does not have */
async function matchType(names: readonly string[], type: string | undefined, apiUrl: string) {
  const found = type === undefined ? undefined : await findType(type, apiUrl);
  if (found?.state !== 'known') return names;
  const matched = matchNames(names, found.features);
  const missing = names.filter((_, j) => matched[j] === undefined);
  if (missing.length === 0) return matched.map((name, j) => name ?? names[j]);
  throw new Error(
    `the sensor type ${type} has no ${missing.map((name) => JSON.stringify(name)).join(', ')}; it has ${found.features.join(', ')}. ` +
      'Use --features to leave columns out, --names to give them the names of the type, or --type with the name of a new type',
  );
}

async function train(): Promise<void> {
  const flags = parseTrainFlags(process.argv.slice(2), readSettings(process.env));
  if (!flags) return console.log(usage);
  const { data, out, families, scaler, seed, folds, apiUrl } = flags;
  const print = (text: string) => flags.json || console.log(escapeLines(text));
  const show = (path: string) => relative(process.cwd(), path) || '.';

  const loaded = await loadDataset(data, flags.dataset);
  const type =
    flags.type ?? (areDefaultFeatures(loaded.featureNames) ? undefined : toTypeName(basename(data)));
  const dataset = { ...loaded, featureNames: await matchType(loaded.featureNames, type, apiUrl) };
  const prefix = type === undefined || type === defaultType ? '' : `${type}-`;
  print(`${show(data)}: ${describeDataset(dataset)}`);
  print(`sensor type: ${type ?? defaultType}`);
  await mkdir(out, { recursive: true });
  const progress = createTrainingProgress(process.stderr);
  const training = await trainModels(dataset, {
    type: prefix === '' ? undefined : type,
    families,
    scaler,
    seed,
    folds,
    onProgress: progress.show,
  }).finally(progress.stop);
  const { rows } = training.winner.test;
  const trained = training.winner.train.features.rows;
  print(
    `${trained} rows for training and ${folds}-fold cross-validation, ${rows} for testing; seed ${seed}\n`,
  );
  print(describeTraining(training));

  const report = { path: join(out, `${prefix}report.html`), text: createReport(dataset, training) };
  const files = [...toFiles(training, { out, prefix }), report];
  await writeFiles(files);
  for (const { path, text } of files) print(`stored ${show(path)}, ${Math.ceil(text.length / 1000)} kB`);
  print(`\nbest: ${training.winner.family}`);
  for (const line of describeActivation(training.winner.artifact, apiUrl)) print(line);
  if (flags.json) console.log(JSON.stringify(toJson(training, dataset.remarks), null, 2));
}

loadEnvironment();
// Keeps the native library of TensorFlow.js from logging to stderr.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

train().catch((error: Error) => {
  console.error(escapeLines(`${error.message}\nSee --help.`));
  process.exitCode = 1;
});

/** The dataset, and how its file was interpreted. */
function describeDataset(dataset: LoadedDataset): string {
  const { features, featureNames, remarks } = dataset;
  return [
    `${features.rows} rows: ${describeClasses(dataset)}`,
    `${featureNames.length} feature${featureNames.length === 1 ? '' : 's'}: ${describeFeatures(dataset)}`,
    ...remarks.map((remark) => `note: ${remark}`),
  ].join('\n');
}

/** The comparison as a table, then the failures and the best model. */
function describeTraining(training: Training): string {
  const { models, failures, winner } = training;
  const rows = [
    ['family', ...columns.map(({ title }) => title)],
    ...models.map((model) => [model.family, ...columns.map(({ show }) => show(model))]),
  ];
  const widths = rows[0].map((_, j) => Math.max(...rows.map((row) => row[j].length)));
  const lines = rows.map((row) =>
    row.map((cell, j) => (j === 0 ? cell.padEnd(widths[j]) : cell.padStart(widths[j]))).join('  '),
  );
  return [
    ...lines,
    '',
    ...failures.map(({ family, reason }) => `${family} cannot be fitted to these rows: ${reason}`),
    ...models.flatMap(({ family, library }) => (library ? [`${family} was fitted by ${library}`] : [])),
    `baseline: always predicting the majority class has a test accuracy of ${baselineAccuracy(training).toFixed(4)}`,
    `best in cross-validation: ${winner.family}`,
  ].join('\n');
}
