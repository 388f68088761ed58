import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { type Bench, createBench, type Flags } from './bench.ts';

const usage = `npm run bench -- [ingest | compare | reads | model | sender | dashboard] [flags]

Measures ours beside peers and limits, which take turns within one run, and prints a table.

  ingest        readings per second and latency of the API, each answered after its commit, beside an Express port,
                the Flask design, and limits: echoes without a database, and plain INSERTs of 1000 rows
  compare       CPU time per reading of the API and the database, of this checkout and another one (--against)
  reads         the dashboard's queries at several numbers of rows, while 500 readings/s arrive
  model         scoring of one row and of 100 000, per family, beside scikit-learn where it is installed
  sender        what the sender can send to an echo, beside plain loops; where wrk is installed (Debian: wrk), also the
                sender's percentiles of the API beside wrk's
  dashboard     a browser on the live overview while 200 readings/s arrive: its longest tasks, its heap over time

  --rounds n             turns of each contender                 3, compare 9, reads 30
  --seconds n            length of a turn of ingest, compare and sender          4
  --against folder       compare: another checkout, with its packages installed
  --minutes n            dashboard: how long the page is watched                 10
  --rows n,n…            reads, dashboard (the most): stored readings            10000,1000000
  --sensors n,n…         reads: of how many sensors                              1,1000
  --database-url url     a disposable MySQL or MariaDB, as an account that may create databases and users
                         (mysql://root:password@127.0.0.1:3306/)                 a private server
  --out file             where to write the figures                              bench/results/<name>.json
  --help                 this text
`;

/** The modules are loaded when they are needed: not every machine has the libraries of all. */
const benches = {
  ingest: async (bench: Bench, flags: Flags) => (await import('./ingest.ts')).benchIngest(bench, flags),
  compare: async (bench: Bench, flags: Flags) => (await import('./compare.ts')).benchCompare(bench, flags),
  reads: async (bench: Bench, flags: Flags) => (await import('./reads.ts')).benchReads(bench, flags),
  model: async (bench: Bench, flags: Flags) => (await import('./model.ts')).benchModel(bench, flags),
  sender: async (bench: Bench, flags: Flags) => (await import('./sender.ts')).benchSender(bench, flags),
  dashboard: async (bench: Bench, flags: Flags) =>
    (await import('./dashboard.ts')).benchDashboard(bench, flags),
};
type BenchName = keyof typeof benches;

/** @throws Error that names the flag */
function parseCount(flag: string, text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1) return count;
  throw new Error(`--${flag} "${text}": expected a whole number from 1`);
}

/** @throws Error that names the flag */
function parseFlags(
  args: readonly string[],
): Flags & { name: BenchName; out: string | undefined; help: boolean } {
  const text = { type: 'string' } as const;
  const options = {
    rounds: text,
    seconds: text,
    minutes: text,
    rows: text,
    sensors: text,
    against: text,
    out: text,
  };
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: { ...options, 'database-url': text, help: { type: 'boolean', default: false } },
  });
  const [name = 'ingest', ...rest] = positionals;
  const names = Object.keys(benches) as BenchName[]; // the keys are listed above
  const known = names.find((one) => one === name);
  if (!known || rest.length > 0) throw new Error(`expected one of ${names.join(', ')}`);
  const {
    rounds,
    seconds = '4',
    minutes = '10',
    rows = '10000,1000000',
    sensors = '1,1000',
    ...others
  } = values;
  const databaseUrl = others['database-url'];
  if (databaseUrl !== undefined && (!URL.canParse(databaseUrl) || new URL(databaseUrl).protocol !== 'mysql:'))
    throw new Error(`--database-url "${databaseUrl}": expected mysql://user:password@host:port/`);
  const parseCounts = (flag: string, list: string) =>
    list.split(',').map((part) => parseCount(flag, part.trim()));
  return {
    name: known,
    rounds: rounds === undefined ? undefined : parseCount('rounds', rounds),
    seconds: parseCount('seconds', seconds),
    minutes: parseCount('minutes', minutes),
    rows: parseCounts('rows', rows),
    sensors: parseCounts('sensors', sensors),
    databaseUrl,
    against: others.against,
    out: others.out,
    help: others.help,
  };
}

async function main(): Promise<void> {
  const {
    name,
    help,
    out = join(import.meta.dirname, 'results', `${name}.json`),
    ...flags
  } = parseFlags(process.argv.slice(2));
  if (help) return console.log(usage);
  const bench = createBench((line) => console.log(line));
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await bench.end();
      process.exit(1);
    });
  }
  try {
    const result = await benches[name](bench, flags);
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, `${JSON.stringify(result, null, 2)}\n`);
    console.log(`\nwritten to ${relative(process.cwd(), out)}`);
  } finally {
    await bench.end();
  }
}

main().catch((error: Error) => {
  console.error(`${error.message}\nSee --help.`);
  process.exitCode = 1;
});
