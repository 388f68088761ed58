import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { toCsv } from '../dataset/dataset.ts';
import { generateDataset, generateReadings } from '../dataset/generate-dataset.ts';
import { parseInteger } from './parse-flag.ts';

const usage = `npm run generate -- [dataset|readings] [flags]

Writes the synthetic training set, or the readings that the sender replays. The same seed gives the same bytes.
Without a name, both are written with their defaults, and no flags are allowed.

  dataset     4000 labeled rows, less duplicates        seed 0    model/data/dataset.csv
  readings    2000 unlabeled rows                       seed 1    services/sender/data/readings.csv

  --rows n      number of rows to draw
  --seed n      random seed, 0 to 4294967295
  --out file    output file
  --help        print this help
`;

const root = join(import.meta.dirname, '..', '..');

const kinds = {
  dataset: { toText: datasetText, out: join(root, 'model/data/dataset.csv') },
  readings: { toText: readingsText, out: join(root, 'services/sender/data/readings.csv') },
};

interface Draws {
  rows?: number;
  seed?: number;
}

function datasetText(draws: Draws): string {
  return toCsv(generateDataset(draws));
}

function readingsText(draws: Draws): string {
  const { featureNames, features } = generateReadings(draws);
  return toCsv({ featureNames, features });
}

async function generate(
  kind: keyof typeof kinds,
  { out, ...draws }: Draws & { out?: string },
): Promise<void> {
  const path = out ?? kinds[kind].out;
  const text = kinds[kind].toText(draws);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  console.log(`${relative(process.cwd(), path)}: ${text.split('\n').length - 2} rows`);
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rows: { type: 'string' },
      seed: { type: 'string' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const draws = {
    ...(values.rows !== undefined && {
      rows: parseInteger('--rows', values.rows, { min: 1, max: 10_000_000 }),
    }),
    ...(values.seed !== undefined && {
      seed: parseInteger('--seed', values.seed, { min: 0, max: 2 ** 32 - 1 }),
    }),
    ...(values.out !== undefined && { out: values.out }),
  };
  const [kind, ...rest] = positionals;
  if (kind === undefined && Object.keys(draws).length === 0) {
    await generate('dataset', {});
    await generate('readings', {});
  } else if ((kind === 'dataset' || kind === 'readings') && rest.length === 0) {
    await generate(kind, draws);
  } else {
    throw new Error('expected dataset or readings');
  }
}

main().catch((error: Error) => {
  console.error(`${error.message}\nSee --help.`);
  process.exitCode = 1;
});
