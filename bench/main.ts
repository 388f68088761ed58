import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { benchCompare } from './bench-compare.ts';
import { benchDashboard } from './bench-dashboard.ts';
import { benchIngest } from './bench-ingest.ts';
import { benchModel } from './bench-model.ts';
import { benchPercentiles } from './bench-percentiles.ts';
import { benchReads } from './bench-reads.ts';
import { benchSender } from './bench-sender.ts';
import { type Flags, parseFlags } from './flags.ts';
import { createStack, type Stack } from './system/stack.ts';

const usage = `npm run bench -- [ingest | compare | reads | model | sender | percentiles | dashboard] [flags]

Measures, contenders taking turns within one run, and prints a table.

  ingest        readings per second and latency of the real API, each answered after its commit, beside an Express
                port, the Flask design, and the limits: echoes without a database, and raw multi-row INSERT
  compare       processor time per reading of the API and the database, of this checkout and another one (--against)
  reads         the dashboard's questions to the real API at several numbers of rows, while 500 readings/s arrive
  model         scoring of one row and of 100 000, per family, beside scikit-learn where it is installed
  sender        what the sender can send, to an echo and beside plain loops
  percentiles   the sender's percentiles of the real API beside wrk's (Debian's package wrk)
  dashboard     a browser on the live overview while 200 readings/s arrive: its longest tasks, its heap over time

  --rounds n             turns of each contender; repetitions of a question      3, compare 9, reads 30
  --seconds n            ingest, compare, sender, percentiles: how long a turn is measured              4
  --against folder       compare: another checkout, with its packages installed
  --minutes n            dashboard: how long the page is watched                 10
  --rows n,n…            reads: how many readings are stored                      10000,1000000
  --sensors n,n…         reads: of how many sensors                               1,1000
  --database-url url     a throw-away MySQL or MariaDB, as an account that may create databases and users
                         (mysql://root:password@127.0.0.1:3306/)                  a private server
  --out file             where to write the figures                               bench/results/<name>.json
  --help                 this text
`;

async function run(flags: Flags, stack: Stack): Promise<unknown> {
  const options = { ...flags, stack, say: (line: string) => console.log(line) };
  if (flags.bench === 'ingest') return benchIngest({ ...options, rounds: flags.rounds ?? 3 });
  if (flags.bench === 'compare') return benchCompare({ ...options, rounds: flags.rounds ?? 9 });
  if (flags.bench === 'reads') return benchReads({ ...options, rounds: flags.rounds ?? 30 });
  if (flags.bench === 'dashboard') return benchDashboard(options);
  if (flags.bench === 'percentiles') return benchPercentiles({ ...options, rounds: flags.rounds ?? 3 });
  if (flags.bench === 'sender') return benchSender({ ...options, rounds: flags.rounds ?? 3 });
  return benchModel({ ...options, rounds: flags.rounds ?? 3 });
}

/** A signal ends what runs, in order, before the process ends. */
function unwindOnSignals(stack: Stack): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, async () => {
      await stack.unwind();
      process.exit(1);
    });
  }
}

async function main(): Promise<void> {
  const flags = parseFlags(process.argv.slice(2));
  if (flags.help) return console.log(usage);
  const stack = createStack();
  unwindOnSignals(stack);
  try {
    const result = await run(flags, stack);
    const out = flags.out ?? join(import.meta.dirname, 'results', `${flags.bench}.json`);
    await mkdir(dirname(out), { recursive: true });
    await writeFile(out, `${JSON.stringify(result, null, 2)}\n`);
    console.log(`\nwritten to ${relative(process.cwd(), out)}`);
  } finally {
    await stack.unwind();
  }
}

main().catch((error: Error) => {
  console.error(`${error.message}\nSee --help.`);
  process.exitCode = 1;
});
