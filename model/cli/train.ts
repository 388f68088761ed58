import { mkdir } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { parseArtifact } from '../artifact/parse-artifact.ts';
import { serializeArtifact } from '../artifact/seal-artifact.ts';
import { loadDataset } from '../dataset/load-dataset.ts';
import { createReport } from '../report/create-report.ts';
import { type Training, trainModels } from '../training/train-models.ts';
import { describeDataset, describeTraining } from './comparison-text.ts';
import { parseTrainFlags, usage } from './train-flags.ts';
import { createTrainingProgress } from './training-progress.ts';
import { writeFiles } from './write-files.ts';

/** Read back as the API will, so that nothing is stored that could not be loaded. */
function toFiles({ models }: Training, out: string): { path: string; text: string }[] {
  return models.map(({ family, artifact }) => {
    const path = join(out, `${family}.json`);
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

async function train(): Promise<void> {
  const flags = parseTrainFlags(process.argv.slice(2));
  if (!flags) return console.log(usage);
  const { data, out, families, scaler, seed, folds } = flags;
  const say = (text: string) => flags.json || console.log(text);
  const show = (path: string) => relative(process.cwd(), path) || '.';

  const dataset = await loadDataset(data, flags.dataset);
  say(`${show(data)}: ${describeDataset(dataset)}`);
  await mkdir(out, { recursive: true });
  const progress = createTrainingProgress(process.stderr);
  const training = await trainModels(dataset, {
    families,
    scaler,
    seed,
    folds,
    onProgress: progress.show,
  }).finally(progress.stop);
  const { rows } = training.winner.test;
  const trained = training.winner.train.features.rows;
  say(`${trained} rows for training and ${folds}-fold cross-validation, ${rows} for testing; seed ${seed}\n`);
  say(describeTraining(training));

  const report = { path: join(out, 'report.html'), text: createReport(dataset, training) };
  const files = [...toFiles(training, out), report];
  await writeFiles(files);
  for (const { path, text } of files) say(`stored ${show(path)}, ${Math.ceil(text.length / 1000)} kB`);
  if (flags.json) console.log(JSON.stringify(toJson(training, dataset.remarks), null, 2));
}

// The native library of TensorFlow.js talks on stderr otherwise.
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

train().catch((error: Error) => {
  console.error(`${error.message}\nSee --help.`);
  process.exitCode = 1;
});
