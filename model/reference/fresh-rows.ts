import type { Dataset } from '../dataset/dataset.ts';
import { drawLabeledReadings } from '../dataset/generate-dataset.ts';

/** 50 000 labeled rows from the distribution of the committed dataset, which no model was fitted on. */
export function drawFreshRows(): Dataset {
  return drawLabeledReadings({ rows: 50_000, seed: 2026 });
}
