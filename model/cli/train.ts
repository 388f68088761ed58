import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import type { Origin } from '../artifact/origin-schema.ts';
import { parseArtifact } from '../artifact/parse-artifact.ts';
import { serializeArtifact } from '../artifact/seal-artifact.ts';
import { loadDataset } from '../dataset/load-dataset.ts';
import { trainGradientBoosting } from '../training/train-gradient-boosting.ts';
import { parseInteger } from './parse-integer.ts';

const usage = `npm run train -- [flags]

Trains gradient boosting on four fifths of a CSV file, tests it on the rest, and stores it.

  --data file      labelled rows                  model/data/dataset.csv
  --target name    column of the label, 0 or 1    target
  --seed n         which rows are for testing     0
  --out file       where to store the artifact    model/artifacts/gradient-boosting.json
  --json           print name, hash and metrics as JSON only
  --help           this text
`;

type Trained = Extract<Origin, { kind: 'trained' }>;

const folder = join(import.meta.dirname, '..');

function toTable(training: Trained): string {
  const { accuracy, precision, recall, f1, roc_auc, confusion } = training.test;
  const shares = Object.entries({ accuracy, precision, recall, f1, roc_auc });
  const counts = Object.entries(confusion);
  return [
    ...shares.map(([name, value]) => `  ${name.padEnd(16)} ${value.toFixed(4).padStart(7)}`),
    ...counts.map(([name, value]) => `  ${name.replace('_', ' ').padEnd(16)} ${String(value).padStart(7)}`),
  ].join('\n');
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      data: { type: 'string', default: join(folder, 'data/dataset.csv') },
      target: { type: 'string', default: 'target' },
      seed: { type: 'string', default: '0' },
      out: { type: 'string', default: join(folder, 'artifacts/gradient-boosting.json') },
      json: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const seed = parseInteger('--seed', values.seed, { min: 0, max: 2 ** 32 - 1 });
  const say = (line: string) => values.json || console.log(line);

  const dataset = await loadDataset(values.data, { target: values.target });
  const { rows, columns } = dataset.features;
  say(`read ${rows} rows of ${columns} features from ${relative(process.cwd(), values.data)}`);
  const artifact = trainGradientBoosting(dataset, { seed });
  const { name, sha256, origin } = artifact;
  if (origin.kind !== 'trained') throw new Error('expected a trained model');
  say(`fitted ${name} on ${origin.train_rows} rows; on the other ${origin.test.rows}:\n${toTable(origin)}`);

  const text = serializeArtifact(artifact);
  parseArtifact(text, values.out);
  await mkdir(dirname(values.out), { recursive: true });
  await writeFile(values.out, text);
  say(`stored ${relative(process.cwd(), values.out)}, ${Math.round(text.length / 1000)} kB`);
  if (values.json) console.log(JSON.stringify({ name, sha256, origin }));
}

main().catch((error: Error) => {
  console.error(`${error.message}\nSee --help.`);
  process.exitCode = 1;
});
