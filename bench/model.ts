import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { loadArtifact, type Pipeline } from '@sensor-sentinel/model';
import {
  type Dataset,
  drawLabeledReadings,
  loadDataset,
  selectRows,
  stratifiedSplit,
  toCsv,
} from '@sensor-sentinel/model/training';
import type { Flags } from './bench.ts';
import { type Bench, describeMachine } from './bench.ts';
import { root } from './database.ts';
import { type Figures, format, formatTable, medianOf, medianRatio, type Round, runRounds } from './rounds.ts';

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
const peerSingleCalls = 100;
const warmUpMs = 2000;

/** The rows that the committed artifacts were fitted on, as `npm run train` draws them. */
async function readTrainingRows(): Promise<Dataset> {
  const dataset = await loadDataset(join(root, 'model/data/dataset.csv'));
  const { train } = stratifiedSplit(dataset.labels, { testShare: 0.2, seed: 0 });
  return {
    featureNames: dataset.featureNames,
    features: selectRows(dataset.features, train),
    labels: Uint8Array.from(train, (row) => dataset.labels[row] ?? 0),
  };
}

function nsPerRow(rows: number, run: () => void): number {
  const begin = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - begin) / rows;
}

/** The least that the heap grows by in a few batches; a collection in between makes it negative, and is ignored. */
function bytesPerRow(pipeline: Pipeline, matrix: Float64Array, out: Float64Array): number {
  const grown = Array.from({ length: 9 }, () => {
    const before = process.memoryUsage().heapUsed;
    pipeline.scoreBatch(matrix, out);
    return (process.memoryUsage().heapUsed - before) / out.length;
  });
  return Math.min(...grown.filter((bytes) => bytes >= 0));
}

/** A turn of a committed artifact, once the engine has had time to compile what is measured. */
async function createOurs(
  family: string,
  { columns, values }: Dataset['features'],
): Promise<() => Promise<Figures>> {
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
  return async () => ({
    one_row_ns: nsPerRow(singleCalls, scoreSingles),
    batch_ns: nsPerRow(batchRows, scoreAll),
    bytes_per_row: bytesPerRow(pipeline, values, out),
  });
}

interface ScikitLearn {
  versions: unknown;
  createTurn: (family: string) => () => Promise<Figures>;
}

/** scikit-learn in a process of its own, its models fitted on the same rows; undefined where it is not installed. */
async function startScikitLearn(bench: Bench): Promise<ScikitLearn | undefined> {
  const program = existsSync('/usr/bin/python3') ? '/usr/bin/python3' : 'python3';
  const script = join(import.meta.dirname, 'peers/scikit_learn.py');
  const python = spawn(program, [script, bench.folder], { stdio: ['pipe', 'pipe', 'ignore'] });
  bench.defer(() => python.kill());
  const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
  const first = await lines.next();
  if (first.done) return undefined;
  async function measure(family: string, batch: number, calls: number): Promise<number> {
    python.stdin.write(`${JSON.stringify({ family, batch, calls })}\n`);
    const { value, done } = await lines.next();
    if (done) throw new Error(`scikit-learn ended while it measured ${family}`);
    return Number(JSON.parse(value).ns_per_row);
  }
  return {
    versions: JSON.parse(first.value).versions,
    createTurn: (family) => async () => ({
      one_row_ns: await measure(family, 1, peerSingleCalls),
      batch_ns: await measure(family, batchRows, 1),
    }),
  };
}

function toTable(measured: readonly { family: string; rounds: readonly Round[] }[]): string {
  return formatTable([
    ['ns per row', 'one row', 'scikit-learn', '', '100 000 rows', 'scikit-learn', '', 'bytes per row'],
    ...measured.map(({ family, rounds }) => [
      family,
      ...['one_row_ns', 'batch_ns'].flatMap((figure) => [
        format(medianOf(rounds, 'ours', figure)),
        format(medianOf(rounds, 'scikit-learn', figure)),
        `${format(medianRatio(rounds, ['scikit-learn', 'ours'], [figure]))}×`,
      ]),
      format(medianOf(rounds, 'ours', 'bytes_per_row')),
    ]),
  ]);
}

/** Nanoseconds per row, scaling included, of every committed artifact, beside scikit-learn's `Pipeline.predict`. */
export async function benchModel(bench: Bench, { rounds: count = 3 }: Flags) {
  const fresh = drawLabeledReadings({ rows: batchRows, seed: 2026 });
  await writeFile(join(bench.folder, 'train.csv'), toCsv(await readTrainingRows()));
  await writeFile(join(bench.folder, 'fresh.csv'), toCsv(fresh));
  const peer = await startScikitLearn(bench);
  if (!peer)
    bench.say('scikit-learn is not installed (Debian: apt install python3-sklearn): measured without it\n');
  const measured: { family: string; rounds: Round[] }[] = [];
  for (const family of families) {
    const ours = await createOurs(family, fresh.features);
    const contenders = { ours, ...(peer && { 'scikit-learn': peer.createTurn(family) }) };
    measured.push({ family, rounds: await runRounds({ bench, rounds: count, contenders, isQuiet: true }) });
  }
  bench.say(toTable(measured));
  return { machine: describeMachine(), peer: peer?.versions ?? null, measured };
}
