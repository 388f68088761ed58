import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { selectLabeled, toCsv } from '../dataset/dataset.ts';
import { drawLabeledReadings } from '../dataset/generate-dataset.ts';
import { loadDataset } from '../dataset/parse-dataset.ts';
import { stratifiedSplit } from '../evaluation/stratified-split.ts';

/** Writes train.csv and fresh.csv for make_fresh_rows.py: `node model/reference/write-rows.ts folder`. */
const folder = process.argv[2] ?? '.';
const dataset = await loadDataset(new URL('../data/dataset.csv', import.meta.url).pathname);
const { train } = stratifiedSplit(dataset.labels, { testShare: 0.2, seed: 0 });
mkdirSync(folder, { recursive: true });
writeFileSync(
  join(folder, 'train.csv'),
  toCsv({ featureNames: dataset.featureNames, ...selectLabeled(dataset, train) }),
);
writeFileSync(join(folder, 'fresh.csv'), toCsv(drawLabeledReadings({ rows: 50_000, seed: 2026 })));
