import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startDatabase } from '@sensor-sentinel/start/database/start-database.ts';
import { drawSeed } from '../testing/random.ts';
import { runFuzz } from './run-fuzz.ts';

const usage = `usage: npm run fuzz -- [--requests 20000] [--seed 7] [--only 123]
  --requests      number of requests
  --seed          repeats the requests of another run; default: random
  --only          sends only the request of this number, and prints it with its answer
A private server is started: mysqld or mariadbd from the PATH.`;

function readOptions() {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ options: { requests: text, seed: text, only: text } });
    const [requests, seed, only] = [
      values.requests ?? 20_000,
      values.seed ?? drawSeed(),
      values.only ?? -1,
    ].map(Number);
    if (![requests, seed, only].every(Number.isSafeInteger)) throw new Error('expected whole numbers');
    return { requests: requests ?? 0, seed: seed ?? 0, only: values.only === undefined ? undefined : only };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`);
    process.exit(2);
  }
}

const options = readOptions();
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
const directory = mkdtempSync(join(tmpdir(), 'sentinel-fuzz-database-'));
const database = await startDatabase({ directory, say: () => undefined });
try {
  process.stdout.write(`fuzz with seed ${options.seed}\n`);
  const report = await runFuzz({ ...options, adminUrl: database.adminUrl, signal: stopping.signal });
  process.stdout.write(`${report.summary}\n`);
  if (report.findings.size > 0) process.exitCode = 1;
} finally {
  await database.stop(10_000);
  rmSync(directory, { recursive: true, force: true });
}
