import type { Dataset } from '../dataset/dataset.ts';
import { drawLabelledReadings } from '../dataset/generate-dataset.ts';

/** 50 000 labelled rows of the distribution that the committed dataset is drawn from, which no model has seen. */
export function drawFreshRows(): Dataset {
  return drawLabelledReadings({ rows: 50_000, seed: 2026 });
}
