import { mkdir, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import { join, relative } from 'node:path';
import { parseArgs } from 'node:util';
import { toIssueTexts } from '@sensor-sentinel/contracts';
import { z } from 'zod';
import { type Bench, createBench, type Flags } from './bench.ts';

const usage = `npm run bench -- [ingest | compare | wide | growth | reads | model | rules | preview | sender | dashboard] [flags]

Measures ours beside peers and limits, which take turns within one run, and prints a table.

  ingest        readings per second and latency of the API, each answered after its commit, beside an Express port,
                the Flask design, and limits: echoes without a database, and plain INSERTs of 1000 rows
  compare       CPU time per reading of the API and the database, of this checkout and another one (--against)
  wide          readings per second of a sensor type with 32 features, beside one with three
  reads         the dashboard's queries at several numbers of rows, while 500 readings/s arrive
  growth        ingest into a table of many rows (--rows, the most) and into an empty one, and its size
  model         scoring of one row and of 100 000, per family, beside scikit-learn where it is installed
  rules         CPU time of the evaluation of rules: 10 000 sensors live, and a preview of 1 000 000 readings
  preview       answers of POST /rules/preview over many readings (--rows, the most): first, and with another level
  sender        what the sender can send to an echo, beside a plain loop over axios
  dashboard     a browser on the live overview while 2 and 22 readings/s arrive: requests, bytes, longest task, heap, and
                the time from answer to screen; --against takes turns with the API and dashboard of another checkout

  --rounds n             turns of each contender                 3, compare 9, reads 30, dashboard 1
  --seconds n            length of a turn of ingest, compare and sender          4
  --against folder       compare, dashboard: another checkout, with its packages installed
  --minutes n            dashboard: how long the page is watched                 10
  --rows n,n…            reads, dashboard (the fewest): stored readings          10000,1000000
  --sensors n,n…         reads: of how many sensors                              1,1000
  --database-url url     a disposable MySQL or MariaDB, as an account that may create databases and users
                         (mysql://root:password@127.0.0.1:3306/)                 a private server
  --database-pid n       compare: the process of that server, if it is on this machine
  --help                 this text
`;

/** The modules are loaded when they are needed: not every machine has the libraries of all. */
const benches = {
  growth: async (bench: Bench, flags: Flags) => (await import('./growth.ts')).benchGrowth(bench, flags),
  ingest: async (bench: Bench, flags: Flags) => (await import('./ingest.ts')).benchIngest(bench, flags),
  compare: async (bench: Bench, flags: Flags) => (await import('./compare.ts')).benchCompare(bench, flags),
  wide: async (bench: Bench, flags: Flags) => (await import('./wide.ts')).benchWide(bench, flags),
  reads: async (bench: Bench, flags: Flags) => (await import('./reads.ts')).benchReads(bench, flags),
  model: async (bench: Bench, flags: Flags) => (await import('./model.ts')).benchModel(bench, flags),
  rules: async (bench: Bench, flags: Flags) => (await import('./rules.ts')).benchRules(bench, flags),
  preview: async (bench: Bench, flags: Flags) => (await import('./preview.ts')).benchPreview(bench, flags),
  sender: async (bench: Bench, flags: Flags) => (await import('./sender.ts')).benchSender(bench, flags),
  dashboard: async (bench: Bench, flags: Flags) =>
    (await import('./dashboard.ts')).benchDashboard(bench, flags),
};

const count = z.coerce.number().int().min(1);
const counts = z.preprocess((text) => String(text).split(','), z.array(count));

const flagsSchema = z.object({
  rounds: count.optional(),
  seconds: count.default(4),
  minutes: count.default(10),
  rows: counts.prefault('10000,1000000'),
  sensors: counts.prefault('1,1000'),
  against: z.string().optional(),
  'database-url': z.url({ protocol: /^mysql$/ }).optional(),
  'database-pid': count.optional(),
});

/** @throws Error that names the flag */
function parseFlags() {
  const names = Object.keys(flagsSchema.shape).map((name) => [name, { type: 'string' }] as const);
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { ...Object.fromEntries(names), help: { type: 'boolean' } },
  });
  const command = z
    .tuple([z.enum(Object.keys(benches))])
    .safeParse(positionals.length ? positionals : ['ingest']);
  if (!command.success) throw new Error(`expected one of ${Object.keys(benches).join(', ')}`);
  const flags = flagsSchema.safeParse(values);
  if (!flags.success) throw new Error(toIssueTexts(flags.error).join('; '));
  const { 'database-url': databaseUrl, 'database-pid': databasePid, rounds, against, ...rest } = flags.data;
  return {
    name: command.data[0] as keyof typeof benches, // one of its keys
    flags: { ...rest, rounds, against, databaseUrl, databasePid },
    help: values.help === true,
  };
}

async function main(): Promise<void> {
  const { name, flags, help } = parseFlags();
  if (help) return console.log(usage);
  const bench = createBench();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await bench.end();
      process.exit(1);
    });
  }
  try {
    const machine = { cpus: cpus().map(({ model }) => model), node: process.version, at: new Date() };
    const result = { machine, ...(await benches[name](bench, flags)) };
    const folder = join(import.meta.dirname, 'results');
    const file = join(folder, `${name}.json`);
    await mkdir(folder, { recursive: true });
    await writeFile(file, `${JSON.stringify(result, null, 2)}\n`);
    console.log(`\nwritten to ${relative(process.cwd(), file)}`);
  } finally {
    await bench.end();
  }
}

main().catch((error: Error) => {
  console.error(`${error.message}\nSee --help.`);
  process.exitCode = 1;
});
