import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeMachine } from './measuring/machine.ts';
import { type ComparisonOptions, comparePercentiles } from './sender/compare-percentiles.ts';
import { comparePercentileRounds, toPercentilesTable } from './sender/percentiles-summary.ts';

/** The sender's percentiles of the real API beside wrk's. */
export async function benchPercentiles(options: ComparisonOptions) {
  const { seconds, stack, say } = options;
  const folder = await mkdtemp(join(tmpdir(), 'bench-percentiles-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const percentiles = await comparePercentiles(options, folder);
  const compared = comparePercentileRounds(percentiles);
  say(`\n${toPercentilesTable(compared)}`);
  return { machine: describeMachine(), seconds, compared, ...percentiles };
}
