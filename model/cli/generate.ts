import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { toCsv } from '../dataset/dataset.ts';
import { generateDataset, generateReadings, toStretchesCsv } from '../dataset/generate-dataset.ts';
import { parseInteger } from './parse-flag.ts';

const usage = `npm run generate -- [dataset|readings] [flags]

Writes the synthetic training set, or the readings that the sender replays. The same seed gives the same bytes.
Without a name, both are written with their defaults, and no flags are allowed. Beside the readings, a file that ends in
\`-anomalies.csv\` has the first and last row of each stretch that was drawn as an anomaly.

  dataset     4000 labeled rows, less duplicates        seed 0    model/data/dataset.csv
  readings    2000 unlabeled rows                       seed 1    services/sender/data/readings.csv

  --rows n      number of rows to draw
  --seed n      random seed, 0 to 4294967295
  --out file    output file
  --help        print this help
`;

const root = join(import.meta.dirname, '..', '..');

const kinds = {
  dataset: { draw: generateDataset, out: join(root, 'model/data/dataset.csv') },
  readings: { draw: generateReadings, out: join(root, 'services/sender/data/readings.csv') },
};

interface Options {
  readonly rows?: number | undefined;
  readonly seed?: number | undefined;
  readonly out?: string | undefined;
}

async function generate(kind: keyof typeof kinds, { rows, seed, out }: Options): Promise<void> {
  const path = out ?? kinds[kind].out;
  const drawn = kinds[kind].draw({ rows, seed });
  await mkdir(dirname(path), { recursive: true });
  await write(path, toCsv(drawn));
  if ('anomalous' in drawn) await write(`${path.replace(/\.csv$/, '')}-anomalies.csv`, toStretchesCsv(drawn));
}

async function write(path: string, text: string): Promise<void> {
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
  const { rows, seed, out, help } = values;
  if (help) return console.log(usage);
  const options = {
    rows: rows === undefined ? undefined : parseInteger('--rows', rows, { min: 1, max: 10_000_000 }),
    seed: seed === undefined ? undefined : parseInteger('--seed', seed, { min: 0, max: 2 ** 32 - 1 }),
    out,
  };
  const [kind, ...rest] = positionals;
  if (kind === undefined && rows === undefined && seed === undefined && out === undefined) {
    await generate('dataset', {});
    await generate('readings', {});
  } else if ((kind === 'dataset' || kind === 'readings') && rest.length === 0) {
    await generate(kind, options);
  } else {
    throw new Error('expected dataset or readings');
  }
}

main().catch((error: Error) => {
  console.error(`${error.message}\nSee --help.`);
  process.exitCode = 1;
});
