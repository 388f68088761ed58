import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { findServerProgram } from '../faults/data-directory.ts';
import { createDatabaseServer } from '../faults/database-server.ts';
import { findFreePorts } from '../testing/free-ports.ts';
import { readSeed } from '../testing/random.ts';
import { toSummary } from './report.ts';
import { runFuzz } from './run-fuzz.ts';

const usage = `usage: npm run fuzz -- [--requests 20000] [--seed 7] [--only 123] [--database-url URL] [--api main.ts]
  --requests      number of requests
  --seed          repeats the requests of another run; default: FUZZ_SEED, else random
  --only          sends only the request of this number, and prints it with its answer
  --database-url  an account that may create databases and users; default: a private server
  --api           another main file of the API
FAULTS_MYSQLD names the program of the private server; without it, mysqld or mariadbd from the PATH.`;

function readCount(name: string, value: string): number {
  const count = Number(value);
  if (!Number.isSafeInteger(count) || count < 0) throw new Error(`--${name}: expected a whole number`);
  return count;
}

function readOptions() {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      options: { requests: text, seed: text, only: text, 'database-url': text, api: text },
    });
    const { requests = '20000', seed, only, api: program } = values;
    return {
      requests: readCount('requests', requests),
      seed: seed === undefined ? readSeed('FUZZ_SEED') : readCount('seed', seed),
      only: only === undefined ? undefined : readCount('only', only),
      databaseUrl: values['database-url'],
      program,
    };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`);
    process.exit(2);
  }
}

async function startServer(): Promise<{ adminUrl: string; stop: () => Promise<void> }> {
  const directory = mkdtempSync(join(tmpdir(), 'sentinel-fuzz-database-'));
  const [port = 0] = await findFreePorts(1);
  const dataDirectory = join(directory, 'database');
  const server = createDatabaseServer({ program: findServerProgram(), directory, dataDirectory, port });
  await server.start();
  const stop = async () => {
    await server.kill();
    rmSync(directory, { recursive: true, force: true });
  };
  return { adminUrl: server.adminUrl, stop };
}

const { databaseUrl, ...options } = readOptions();
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
const server = databaseUrl === undefined ? await startServer() : undefined;
try {
  process.stdout.write(`fuzz with seed ${options.seed}\n`);
  const adminUrl = server?.adminUrl ?? databaseUrl ?? '';
  const report = await runFuzz({ ...options, adminUrl, signal: stopping.signal });
  process.stdout.write(`${toSummary(report)}\n`);
  if (Object.keys(report.broken).length > 0) process.exitCode = 1;
} finally {
  await server?.stop();
}
