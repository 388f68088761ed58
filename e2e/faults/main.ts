import { parseArgs } from 'node:util';
import { drawSeed } from '../testing/random.ts';
import { runRound } from './run-round.ts';

const usage = `usage: npm run test:faults -- [--minutes 60] [--seed 7]
  --minutes  keeps starting rounds for this many minutes (default: one round)
  --seed     of the first round; the next ones use the next numbers
The database server is mysqld or mariadbd from the PATH.`;

function readOptions() {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({ options: { minutes: text, seed: text } });
    const minutes = Number(values.minutes ?? 0);
    const seed = Number(values.seed ?? drawSeed());
    if (!(minutes >= 0)) throw new Error('--minutes: expected a number');
    if (!Number.isSafeInteger(seed) || seed < 0) throw new Error('--seed: expected a whole number');
    return { minutes, seed };
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : error}\n${usage}\n`);
    process.exit(2);
  }
}

const { minutes, seed } = readOptions();
const stopping = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => stopping.abort());
const end = performance.now() + minutes * 60_000;
let round = 0;
do {
  process.stdout.write(`faults with seed ${seed + round}\n`);
  const { summary, broken } = await runRound(seed + round, stopping.signal);
  process.stdout.write(`${summary}\n`);
  if (Object.keys(broken).length > 0) process.exitCode = 1;
  round += 1;
} while (performance.now() < end && !stopping.signal.aborted);
