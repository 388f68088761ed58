import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { toCsv } from '../dataset/dataset.ts';
import { drawLabeledReadings } from '../dataset/generate-dataset.ts';
import { loadDataset } from '../dataset/parse-dataset.ts';
import { stratifiedSplit } from '../evaluation/stratified-split.ts';
import { selectRows } from '../matrix.ts';

/** Writes train.csv and fresh.csv for make_fresh_rows.py: `node model/reference/write-rows.ts folder`. */
const folder = process.argv[2] ?? '.';
const { featureNames, features, labels } = await loadDataset(
  new URL('../data/dataset.csv', import.meta.url).pathname,
);
const { train } = stratifiedSplit(labels, { testShare: 0.2, seed: 0 });
const trainLabels = Uint8Array.from(train, (row) => labels[row]);
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, 'train.csv'),
  toCsv({ featureNames, features: selectRows(features, train), labels: trainLabels }),
);
writeFileSync(join(folder, 'fresh.csv'), toCsv(drawLabeledReadings({ rows: 50_000, seed: 2026 })));
