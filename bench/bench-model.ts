import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadArtifact, type Pipeline } from '@sensor-sentinel/model';
import {
  type Dataset,
  drawLabelledReadings,
  loadDataset,
  selectRows,
  stratifiedSplit,
  toCsv,
} from '@sensor-sentinel/model/training';
import { formatTable } from './measuring/format-table.ts';
import { describeMachine } from './measuring/machine.ts';
import { median } from './measuring/median.ts';
import { type ScikitLearn, startScikitLearn } from './peers/scikit-learn.ts';

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
const modelFolder = new URL('../model/', import.meta.url).pathname;

interface Figures {
  family: string;
  ours: { one_row_ns: number; batch_ns: number; bytes_per_row: number };
  scikit_learn: { one_row_ns: number; batch_ns: number } | null;
}

interface BenchOptions {
  rounds: number;
  say: (line: string) => void;
}

/** The rows that the committed artifacts were fitted on, as `npm run train` drew them. */
async function readTrainingRows(): Promise<Dataset> {
  const dataset = await loadDataset(join(modelFolder, 'data/dataset.csv'));
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

function oneRowNs(pipeline: Pipeline, rows: readonly Float64Array[]): number {
  return nsPerRow(rows.length, () => {
    for (const row of rows) pipeline.score(row);
  });
}

/** Until the engine has had the time to compile what is measured. */
function warmUp(run: () => void): void {
  const end = process.hrtime.bigint() + BigInt(warmUpMs) * 1_000_000n;
  while (process.hrtime.bigint() < end) run();
}

/** The least that the heap grows by in a few batches: a collection in between makes it negative, and does not count. */
function bytesPerRow(pipeline: Pipeline, matrix: Float64Array, out: Float64Array): number {
  const grown = Array.from({ length: 9 }, () => {
    const before = process.memoryUsage().heapUsed;
    pipeline.scoreBatch(matrix, out);
    return (process.memoryUsage().heapUsed - before) / out.length;
  });
  return Math.min(...grown.filter((bytes) => bytes >= 0));
}

async function measureFamily(
  family: string,
  { fresh, peer, rounds }: { fresh: Dataset; peer: ScikitLearn | undefined; rounds: number },
): Promise<Figures> {
  const { pipeline } = await loadArtifact(join(modelFolder, 'artifacts', `${family}.json`));
  const { columns, values } = fresh.features;
  const singles = Array.from({ length: singleCalls }, (_, i) =>
    values.subarray(i * columns, (i + 1) * columns),
  );
  const out = new Float64Array(batchRows);
  const ours = { one: [] as number[], batch: [] as number[] };
  const theirs = { one: [] as number[], batch: [] as number[] };
  warmUp(() => {
    oneRowNs(pipeline, singles);
    pipeline.scoreBatch(values, out);
  });
  for (let round = 0; round < rounds; round++) {
    ours.one.push(oneRowNs(pipeline, singles));
    ours.batch.push(nsPerRow(batchRows, () => pipeline.scoreBatch(values, out)));
    if (!peer) continue;
    theirs.one.push(await peer.measure({ family, batch: 1, calls: peerSingleCalls }));
    theirs.batch.push(await peer.measure({ family, batch: batchRows, calls: 1 }));
  }
  return {
    family,
    ours: {
      one_row_ns: median(ours.one),
      batch_ns: median(ours.batch),
      bytes_per_row: bytesPerRow(pipeline, values, out),
    },
    scikit_learn: peer ? { one_row_ns: median(theirs.one), batch_ns: median(theirs.batch) } : null,
  };
}

function ratio(theirs: number | undefined, ours: number): string {
  return theirs === undefined ? '' : `${(theirs / ours).toFixed(1)}×`;
}

function toTable(figures: readonly Figures[]): string {
  const whole = (ns: number | undefined) => (ns === undefined ? '–' : Math.round(ns).toLocaleString('en'));
  return formatTable([
    ['ns per row', 'one row', 'scikit-learn', '', '100 000 rows', 'scikit-learn', '', 'bytes per row'],
    ...figures.map(({ family, ours, scikit_learn: theirs }) => [
      family,
      whole(ours.one_row_ns),
      whole(theirs?.one_row_ns),
      ratio(theirs?.one_row_ns, ours.one_row_ns),
      whole(ours.batch_ns),
      whole(theirs?.batch_ns),
      ratio(theirs?.batch_ns, ours.batch_ns),
      ours.bytes_per_row.toFixed(2),
    ]),
  ]);
}

/** Nanoseconds per row, scaling included, of every committed artifact, beside scikit-learn's `Pipeline.predict`. */
export async function benchModel({ rounds, say }: BenchOptions) {
  const folder = await mkdtemp(join(tmpdir(), 'bench-model-'));
  const fresh = drawLabelledReadings({ rows: batchRows, seed: 2026 });
  await writeFile(join(folder, 'train.csv'), toCsv(await readTrainingRows()));
  await writeFile(join(folder, 'fresh.csv'), toCsv(fresh));
  const peer = await startScikitLearn(folder);
  if (!peer)
    say('scikit-learn is not installed (Debian: apt install python3-sklearn): measured without it\n');
  try {
    const figures: Figures[] = [];
    for (const family of families) figures.push(await measureFamily(family, { fresh, peer, rounds }));
    say(toTable(figures));
    return { machine: describeMachine(), peer: peer?.versions ?? null, rounds, figures };
  } finally {
    await peer?.stop();
    await rm(folder, { recursive: true });
  }
}
