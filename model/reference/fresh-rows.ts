import type { Dataset } from '../dataset/dataset.ts';
import { drawLabeledReadings } from '../dataset/generate-dataset.ts';

/** 50 000 labeled rows of the distribution that the committed dataset is drawn from, which no model has seen. */
export function drawFreshRows(): Dataset {
  return drawLabeledReadings({ rows: 50_000, seed: 2026 });
}
