import { execFile, spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { loadArtifact } from '@sensor-sentinel/model';
import { type Dataset, drawLabeledReadings, toCsv } from '@sensor-sentinel/model/training';
import type { Bench, Figures, Flags } from './bench.ts';
import { medianRatio, type Round, runRounds, toMedians, toRounded } from './rounds.ts';
import { root } from './servers.ts';

const families = [
  'logistic-regression',
  'k-nearest-neighbors',
  'random-forest',
  'gradient-boosting',
  'support-vector-machine',
  'neural-network',
];
const batchRows = 100_000;
const singleCalls = 20_000;
const warmUpMs = 2000;

function nsPerRow(rows: number, run: () => void): number {
  const begin = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - begin) / rows;
}

/** A turn of a committed artifact, once the engine has had time to compile what is measured. */
async function createOurs(family: string, { columns, values }: Dataset['features']) {
  const { pipeline } = await loadArtifact(join(root, 'model/artifacts', `${family}.json`));
  const out = new Float64Array(batchRows);
  const scoreAll = () => pipeline.scoreBatch(values, out);
  const singles = Array.from({ length: singleCalls }, (_, row) =>
    values.subarray(row * columns, (row + 1) * columns),
  );
  const scoreSingles = () => {
    for (const row of singles) pipeline.score(row);
  };
  for (const end = performance.now() + warmUpMs; performance.now() < end; scoreAll()) scoreSingles();
  return async (): Promise<Figures> => ({
    one_row_ns: nsPerRow(singleCalls, scoreSingles),
    batch_ns: nsPerRow(batchRows, scoreAll),
  });
}

/** A turn of scikit-learn's model of the same family, fitted on as many rows. */
async function measureScikitLearn(family: string, freshFile: string): Promise<Figures> {
  const script = join(import.meta.dirname, 'peers/scikit_learn.py');
  const command = [script, family, join(root, 'model/data/dataset.csv'), freshFile];
  return JSON.parse((await promisify(execFile)('python3', command)).stdout);
}

function toRow(rounds: readonly Round[]) {
  const [ours, theirs] = [toMedians(rounds, 'ours'), toMedians(rounds, 'scikit-learn')];
  const cells = Object.entries(ours).flatMap(([figure, value]) => [
    [figure, toRounded(value)],
    [`${figure}: scikit-learn`, toRounded(theirs[figure] ?? Number.NaN)],
    [`${figure}: ratio`, toRounded(medianRatio(rounds, ['scikit-learn', 'ours'], figure))],
  ]);
  return Object.fromEntries(cells);
}

/** Nanoseconds per row, scaling included, of every committed artifact, beside scikit-learn's `Pipeline.predict`. */
export async function benchModel(bench: Bench, { rounds: count = 3 }: Flags) {
  const fresh = drawLabeledReadings({ rows: batchRows, seed: 2026 });
  const freshFile = join(bench.folder, 'fresh.csv');
  await writeFile(freshFile, toCsv(fresh));
  const print = 'import sklearn; print(sklearn.__version__)';
  const { status, stdout } = spawnSync('python3', ['-c', print], { encoding: 'utf8' });
  const scikitLearn = status === 0 ? stdout.trim() : undefined;
  console.log(`scikit-learn ${scikitLearn ?? 'is not installed (Debian: apt install python3-sklearn)'}`);
  const measured: Record<string, Round[]> = {};
  for (const family of families) {
    const contenders = {
      ours: await createOurs(family, fresh.features),
      ...(scikitLearn && { 'scikit-learn': () => measureScikitLearn(family, freshFile) }),
    };
    measured[family] = await runRounds(count, contenders, true);
  }
  console.log(`ns per row: one row at a time, and ${batchRows} at once`);
  console.table(Object.fromEntries(families.map((family) => [family, toRow(measured[family] ?? [])])));
  return { scikitLearn, measured };
}
