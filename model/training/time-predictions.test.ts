import { expect, test } from 'vitest';
import { createMatrix } from '../matrix.ts';
import { createPipeline } from '../pipeline.ts';
import { timePredictions } from './time-predictions.ts';

test('timePredictions divides the time by the predictions, the first pass not counted', () => {
  const pipeline = createPipeline({
    name: 'any',
    features: [{ name: 'a', unit: '' }],
    scaler: { kind: 'none' },
    classifier: { family: 'logistic-regression', coef: [1], intercept: 0 },
    threshold: 0.5,
  });
  const times = [1000, 1060, 1120, 1120];
  const micros = timePredictions(
    pipeline,
    createMatrix(Float64Array.of(1, 2, 3), 1),
    () => times.shift() ?? 0,
  );
  expect(micros).toBe((120 * 1000) / (2 * 3));
});
