import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { benchModel } from './bench-model.ts';

const usage = `npm run bench -- [model] [flags]

Measures, contenders taking turns within one run, and prints a table.

  model         scoring of one row and of 100 000, per family, beside scikit-learn where it is installed

  --rounds n    turns of each contender            3
  --out file    where to write the figures         bench/results/<name>.json
  --help        this text
`;

const benches = { model: benchModel };

function isBench(name: string): name is keyof typeof benches {
  return name in benches;
}

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      rounds: { type: 'string', default: '3' },
      out: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return console.log(usage);
  const rounds = Number(values.rounds);
  if (!Number.isInteger(rounds) || rounds < 1)
    throw new Error(`--rounds "${values.rounds}": expected a whole number from 1`);
  const [name = 'model', ...rest] = positionals;
  if (!isBench(name) || rest.length > 0)
    throw new Error(`expected one of ${Object.keys(benches).join(', ')}`);
  const result = await benches[name]({ rounds, say: (line) => console.log(line) });
  const out = values.out ?? join(import.meta.dirname, 'results', `${name}.json`);
  await mkdir(dirname(out), { recursive: true });
  await writeFile(out, `${JSON.stringify(result, null, 2)}\n`);
  console.log(`\nwritten to ${relative(process.cwd(), out)}`);
}

main().catch((error: Error) => {
  console.error(`${error.message}\nSee --help.`);
  process.exitCode = 1;
});
